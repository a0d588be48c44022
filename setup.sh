# Installs what Maquette needs on Debian and Ubuntu; sourced by start.sh and test.sh. Says what it
# does, does nothing twice. With MAQUETTE_TESTS=1 also what only the tests need.

need() { # command, package
    command -v "$1" > /dev/null 2>&1 || missing+=("$2")
}

install_packages() {
    missing=()
    need gcc gcc
    need python3 python3
    need curl curl
    need ssh openssh-client
    need unshare util-linux
    [ -x /usr/sbin/sshd ] || missing+=(openssh-server)
    [ -x /sbin/mkfs.ext4 ] || missing+=(e2fsprogs)
    python3 -c 'import ensurepip' 2> /dev/null || missing+=(python3-venv)
    if [ "${MAQUETTE_TESTS:-}" = 1 ]; then
        [ -x /usr/sbin/nft ] || missing+=(nftables)
        [ -x /usr/sbin/ip ] || [ -x /sbin/ip ] || missing+=(iproute2)
        need ping iputils-ping
        need dig bind9-dnsutils
    fi
    [ ${#missing[@]} = 0 ] && return
    local sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    echo "Installing: ${missing[*]}"
    # The SSH server is used inside instances only: it must not start on this host.
    printf '#!/bin/sh\nexit 101\n' | $sudo tee /usr/sbin/policy-rc.d > /dev/null
    $sudo chmod +x /usr/sbin/policy-rc.d
    $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get install -qq -y --no-install-recommends "${missing[@]}"
    $sudo rm -f /usr/sbin/policy-rc.d
}

install_rust() {
    local wanted=1.95 have
    have=$(cargo --version 2> /dev/null | cut -d' ' -f2)
    if [ -n "$have" ] && [ "$(printf '%s\n' "$wanted" "$have" | sort -V | head -n 1)" = "$wanted" ]; then
        return
    fi
    if ! command -v rustup > /dev/null 2>&1; then
        local sudo=
        [ "$(id -u)" = 0 ] || sudo=sudo
        $sudo apt-get install -qq -y rustup 2> /dev/null || {
            echo "Maquette is built with Rust $wanted or newer, and this system's packages have no" >&2
            echo "rustup. Install it from https://rustup.rs and run this again." >&2
            exit 1
        }
    fi
    rustup toolchain install "$wanted" --profile minimal -c rustfmt -c clippy
    rustup default "$wanted"
}

# The clients that a user would have: the aws CLI and boto3, in a folder of their own.
install_clients() {
    clients=$PWD/target/clients
    if [ ! -x "$clients/bin/aws" ]; then
        echo 'Installing the aws CLI and boto3 …'
        python3 -m venv "$clients"
        "$clients/bin/pip" install --quiet awscli boto3
    fi
    if [ "${MAQUETTE_TESTS:-}" = 1 ] && [ ! -d "$clients/h2" ]; then
        echo 'Installing clients of WebSocket, gRPC and HTTP/2 for the tests …'
        "$clients/bin/pip" install --quiet websockets grpcio
        # A server inside an instance has only the host's Python: it gets this by itself.
        "$clients/bin/pip" install --quiet --target "$clients/h2" h2
    fi
    export PATH=$clients/bin:$PATH
}

install_packages
install_rust
install_clients

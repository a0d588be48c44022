#!/bin/bash
# Balancers as unmodified clients meet them: aws CLI, curl with HTTP/2 and TLS, WebSocket, gRPC, TCP and
# UDP. Expects HERE (this folder), CLIENTS (their libraries), MAQUETTE and MAQUETTE_STATE.
set -euo pipefail
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
lb() { aws elbv2 "$@"; }
as() { local at=$1; shift; "$MAQUETTE" as --state "$MAQUETTE_STATE" "$at" -- "$@"; }
web() { as internet curl -sS --max-time 10 "$@"; }
wrong() { echo "$*" >&2; exit 1; }

image=$(aws ec2 describe-images --owners amazon --query 'Images[0].ImageId' --output text)
vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId' --output text)
subnets=$(aws ec2 describe-subnets --query 'sort_by(Subnets,&AvailabilityZone)[:2].SubnetId' --output text)
group=$(aws ec2 create-security-group --group-name open --description open --vpc-id "$vpc" \
    --query GroupId --output text)
aws ec2 authorize-security-group-ingress --group-id "$group" --ip-permissions \
    'IpProtocol=-1,IpRanges=[{CidrIp=0.0.0.0/0}]' > /dev/null
instance=$(aws ec2 run-instances --image-id "$image" --instance-type t3.micro --security-group-ids \
    "$group" --subnet-id "${subnets%%[[:space:]]*}" --query 'Instances[0].InstanceId' --output text)
for _ in $(seq 50); do as "$instance" true 2> /dev/null && break; sleep 0.1; done
tar -C "$CLIENTS" -c h2 | as "$instance" tar -C /root -x
as "$instance" tee /root/speaker.py < "$HERE/speaker.py" > /dev/null
as "$instance" bash -c "setsid python3 /root/speaker.py $instance > /root/log 2>&1 < /dev/null &"

certificate=$(aws acm request-certificate --domain-name '*.elb.amazonaws.com' \
    --subject-alternative-names "*.$AWS_DEFAULT_REGION.elb.amazonaws.com" \
    --validation-method DNS --query CertificateArn --output text)
# The CLI's own waiter looks once a minute.
for _ in $(seq 50); do
    [ "$(aws acm describe-certificate --certificate-arn "$certificate" \
        --query Certificate.Status --output text)" = ISSUED ] && break
    sleep 0.2
done
authority=$(mktemp)
"$MAQUETTE" trust --state "$MAQUETTE_STATE" > "$authority"
trap 'rm -f "$authority"' EXIT

pool() { # name, port, protocol and more
    lb create-target-group --name "$1" --port "$2" --vpc-id "$vpc" "${@:3}" \
        --health-check-interval-seconds 5 --health-check-timeout-seconds 2 --query 'TargetGroups[0].TargetGroupArn' --output text
}
front=$(lb create-load-balancer --name front --subnets $subnets --security-groups "$group" \
    --query 'LoadBalancers[0].LoadBalancerArn' --output text)
plain=$(pool plain 80 --protocol HTTP)
calls=$(pool calls 50051 --protocol HTTP --protocol-version GRPC --matcher GrpcCode=12)
for one in $plain $calls; do lb register-targets --target-group-arn "$one" --targets "Id=$instance"; done
listener=$(lb create-listener --load-balancer-arn "$front" --protocol HTTP --port 80 \
    --default-actions "Type=forward,TargetGroupArn=$plain" --query 'Listeners[0].ListenerArn' --output text)
lb create-listener --load-balancer-arn "$front" --protocol HTTPS --port 443 \
    --certificates "CertificateArn=$certificate" \
    --default-actions "Type=forward,TargetGroupArn=$plain" > /dev/null
lb create-listener --load-balancer-arn "$front" --protocol HTTPS --port 8443 \
    --certificates "CertificateArn=$certificate" \
    --default-actions "Type=forward,TargetGroupArn=$calls" > /dev/null
lb create-rule --listener-arn "$listener" --priority 1 --conditions Field=path-pattern,Values=/old/* \
    --actions 'Type=redirect,RedirectConfig={Protocol=HTTPS,Port=443,StatusCode=HTTP_301}' > /dev/null
lb create-rule --listener-arn "$listener" --priority 3 --conditions Field=path-pattern,Values=/gone \
    --actions 'Type=fixed-response,FixedResponseConfig={StatusCode=410,ContentType=text/plain,MessageBody=gone}' > /dev/null
lb wait load-balancer-available --load-balancer-arns "$front"
for one in $plain $calls; do lb wait target-in-service --target-group-arn "$one"; done
name=$(lb describe-load-balancers --names front --query 'LoadBalancers[0].DNSName' --output text)

[ "$(web "http://$name/a")" = "/a http $instance" ] || wrong 'HTTP/1.1'
said=$(web --http2-prior-knowledge -w ' %{http_version}' "http://$name/b")
[ "$said" = "/b http $instance 2" ] || wrong "HTTP/2 by prior knowledge: $said"
said=$(web --cacert "$authority" -w ' %{http_version}' "https://$name/c")
[ "$said" = "/c https $instance 2" ] || wrong "HTTP/2 over TLS: $said"
web "https://$name/" > /dev/null 2>&1 && wrong 'a certificate of nobody was believed'
[ "$(web -o /dev/null -w '%{http_code} %{redirect_url}' "http://$name/old/x?y=1")" = \
    "301 https://$name:443/old/x?y=1" ] || wrong redirect
[ "$(web -w ' %{http_code}' "http://$name/gone")" = 'gone 410' ] || wrong 'fixed response'
lb modify-target-group-attributes --target-group-arn "$plain" \
    --attributes Key=stickiness.enabled,Value=true Key=stickiness.type,Value=lb_cookie > /dev/null
for _ in $(seq 20); do
    web -D - -o /dev/null "http://$name/" | grep -qi '^set-cookie: AWSALB=' && break
    sleep 0.2
done
web -D - -o /dev/null "http://$name/" | grep -qi '^set-cookie: AWSALB=' || wrong 'no cookie'
as internet "$CLIENTS/bin/python" "$HERE/callers.py" "$name" 80 8443 "$authority"
[ "$(lb describe-rules --listener-arn "$listener" --query 'Rules[].Priority' --output text |
    xargs)" = '1 3 default' ] || wrong 'rules in order'

back=$(lb create-load-balancer --name back --type network --subnets $subnets \
    --query 'LoadBalancers[0].LoadBalancerArn' --output text)
bytes=$(pool bytes 7 --protocol TCP_UDP)
lb register-targets --target-group-arn "$bytes" --targets "Id=$instance"
lb create-listener --load-balancer-arn "$back" --protocol TCP_UDP --port 7 \
    --default-actions "Type=forward,TargetGroupArn=$bytes" > /dev/null
lb wait load-balancer-available --load-balancer-arns "$back"
lb wait target-in-service --target-group-arn "$bytes"
name=$(lb describe-load-balancers --names back --query 'LoadBalancers[0].DNSName' --output text)
for kind in STREAM DGRAM; do
    as internet python3 - "$name" "$kind" <<'PYTHON'
import socket, sys
name, kind = sys.argv[1], getattr(socket, "SOCK_" + sys.argv[2])
for _ in range(40):
    with socket.socket(socket.AF_INET, kind) as line:
        line.settimeout(0.5)
        try:
            line.connect((name, 7))
            line.sendall(b"hello")
            said = line.recv(100)
        except OSError as error:
            said = str(error).encode()
        if said == b"192.0.2.1 hello":
            print(sys.argv[2], "echoes, and the target saw its client")
            break
else:
    raise SystemExit(f"{sys.argv[2]}: {said}")
PYTHON
done

aws elb create-load-balancer --load-balancer-name classic --subnets $subnets --security-groups "$group" \
    --listeners Protocol=HTTP,LoadBalancerPort=8080,InstanceProtocol=HTTP,InstancePort=80 > /dev/null
aws elb configure-health-check --load-balancer-name classic --health-check \
    Target=HTTP:80/,Interval=5,Timeout=2,UnhealthyThreshold=2,HealthyThreshold=2 > /dev/null
aws elb register-instances-with-load-balancer --load-balancer-name classic --instances "$instance" > /dev/null
aws elb wait any-instance-in-service --load-balancer-name classic
name=$(aws elb describe-load-balancers --query 'LoadBalancerDescriptions[0].DNSName' --output text)
for _ in $(seq 50); do
    said=$(web "http://$name:8080/d" 2> /dev/null || true)
    [ "$said" = "/d http $instance" ] && break
    sleep 0.2
done
[ "$said" = "/d http $instance" ] || wrong "classic: $said"

aws elb delete-load-balancer --load-balancer-name classic
for one in $front $back; do lb delete-load-balancer --load-balancer-arn "$one"; done
lb wait load-balancers-deleted --load-balancer-arns "$front" "$back"
echo 'every client was served'

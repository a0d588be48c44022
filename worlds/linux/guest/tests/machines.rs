//! Machines on this host's kernel: what they can do, what they cannot, and what is left of them.

mod lab;

use lab::{Lab, answer, root};

const ANSWERER: &str = r#"cat > /root/serve.pl <<'X'
use IO::Socket::INET;
my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 8, ReuseAddr => 1) or die $!;
while (my $c = $s->accept) { my $l = <$c>; print $c "HTTP/1.0 200 OK\r\n\r\nhello\n"; close $c }
X
nohup perl /root/serve.pl &
echo data done"#;

#[test]
fn a_machine_answers_and_runs_its_user_data_once() {
    if !root() {
        return;
    }
    let mut lab = Lab::new("once");
    let (mut order, seen) = lab.boot("i-1", ANSWERER);
    assert!(answer(&order.netns, 80).ends_with("hello\n"));
    lab.console_says("i-1", "data done");
    assert_eq!(lab.says(&seen, "hostname; id -u; cat /proc/1/comm"), "host-i-1\n0\ninit");
    lab.says(&seen, "echo kept > /var/kept; echo kept > /usr/kept");
    order.boot = 2;
    lab.ensure(&order);
    let again = lab.ready("i-1");
    assert_ne!(again.process, seen.process);
    assert_eq!(lab.says(&again, "cat /var/kept /usr/kept"), "kept\nkept");
    assert!(!lab.console("i-1").contains("data done"));
}

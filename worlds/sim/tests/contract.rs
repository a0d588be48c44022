//! The simulated world keeps the contract, for several seeds, slow and instant.

use contract::{CASES, Ground, Place, Probe, Reach, run, run_all};
use sim::reach::{Flow, From, Packet, arrives, reach};
use sim::{Heard, Reply, Settings, Sim, Wish};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use world::{Id, Program, Source, Span, World, Zone};

/// Ephemeral, inside every system's range.
const SOURCE_PORT: u16 = 40_000;

const HOST: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

struct Lab {
    sim: Sim,
    /// The run of the machine in which each listener was started.
    listeners: BTreeMap<(Id, Probe), u64>,
    last_public: u8,
    /// Which disk a machine has mounted where.
    mounts: BTreeMap<(Id, String), Id>,
}

impl Lab {
    fn new(seed: u64, settings: Settings) -> Lab {
        let settings = Settings { serves: false, usage: true, ..settings };
        let sim = Sim::new(seed, settings);
        Lab { sim, listeners: BTreeMap::new(), last_public: 0, mounts: BTreeMap::new() }
    }

    fn mounted(&self, machine: &Id, path: &str) -> Option<Id> {
        let mut own = self.mounts.iter().filter(|((user, _), _)| user == machine);
        own.find(|((_, at), _)| path.starts_with(at.as_str())).map(|(_, disk)| disk.clone())
    }

    fn listens(&self, machine: &Id, probe: Probe) -> bool {
        probe == Probe::Ping
            || self.listeners.get(&(machine.clone(), probe)).copied()
                == self.sim.run_number(machine)
    }
}

fn flow(probe: Probe) -> Flow {
    match probe {
        Probe::Tcp(port) => Flow::Tcp(SOURCE_PORT, port),
        Probe::Udp(port) => Flow::Udp(SOURCE_PORT, port),
        Probe::Ping => Flow::PING,
    }
}

/// Whether this machine is a balancer's node.
fn balances(scene: &sim::reach::Scene, machine: &Id) -> bool {
    let found = scene.things.get(machine);
    matches!(found, Some(world::Thing::Machine(one)) if matches!(one.program, Program::Balancer(_)))
}

impl Ground for Lab {
    fn world(&mut self) -> &mut dyn World {
        &mut self.sim
    }

    fn zones(&self) -> [Zone; 2] {
        ["za".into(), "zb".into()]
    }

    fn image(&self) -> Source {
        Source::Image("host".to_owned())
    }

    fn public_address(&mut self) -> Ipv4Addr {
        self.last_public += 1;
        Ipv4Addr::new(203, 0, 113, self.last_public)
    }

    fn internet_host(&mut self) -> Ipv4Addr {
        HOST
    }

    fn probe(&mut self, from: &Place, to: Ipv4Addr, probe: Probe) -> Reach {
        let from = match from {
            Place::Machine(machine) => From::Machine(machine.clone()),
            Place::Internet => From::Internet(HOST),
        };
        let scene = self.sim.scene();
        match reach(&scene, &Packet { from: from.clone(), to, flow: flow(probe) }) {
            // What is behind a balancer answers through it.
            sim::reach::Reach::Arrives(machine) if balances(&scene, &machine) => {
                let Probe::Tcp(port) = probe else { return Reach::Silent };
                let wish = Wish { host: "contract", path: "/" };
                match self.sim.ask(from, to, port, wish) {
                    Heard::Reply(_) => Reach::Answered(None),
                    _ => Reach::Silent,
                }
            }
            sim::reach::Reach::Arrives(machine) if self.listens(&machine, probe) => {
                Reach::Answered(Some(machine))
            }
            sim::reach::Reach::Outside if matches!(probe, Probe::Ping | Probe::Tcp(80)) => {
                Reach::Answered(None)
            }
            _ => Reach::Silent,
        }
    }

    fn forge(
        &mut self,
        from: &Id,
        source: Ipv4Addr,
        (machine, to): (&Id, Ipv4Addr),
        probe: Probe,
    ) -> Option<bool> {
        let scene = self.sim.scene();
        let port = scene.things.iter().find_map(|(id, thing)| match thing {
            world::Thing::Port(port) => {
                port.plug.as_ref().filter(|plug| plug.machine == *from).map(|_| id.clone())
            }
            _ => None,
        })?;
        let packet = Packet { from: From::Port(port, source), to, flow: flow(probe) };
        Some(arrives(&scene, &packet) == sim::reach::Reach::Arrives(machine.clone()))
    }

    fn run_listener(&mut self, machine: &Id, probe: Probe) {
        let run = self.sim.run_number(machine).expect("the machine runs");
        self.listeners.insert((machine.clone(), probe), run);
        if let Probe::Tcp(port) = probe {
            self.sim.serve(machine, port, Reply::Status(200));
        }
    }

    fn write_file(&mut self, machine: &Id, path: &str, bytes: &[u8]) {
        self.begin_writing(machine, path, bytes);
    }

    fn mount(&mut self, machine: &Id, device: &str, at: &str) -> bool {
        let scene = self.sim.scene();
        let Some(world::Thing::Machine(found)) = scene.things.get(machine) else { return false };
        let slot = found.disks.iter().find(|slot| slot.device == device).expect("it is plugged in");
        self.mounts.insert((machine.clone(), at.to_owned()), slot.disk.clone());
        true
    }

    fn begin_writing(&mut self, machine: &Id, path: &str, bytes: &[u8]) {
        let written = match self.mounted(machine, path) {
            Some(disk) => self.sim.write_disk(machine, &disk, path, bytes),
            None => self.sim.write_file(machine, path, bytes),
        };
        assert!(written, "{machine} does not run");
    }

    fn read_file(&mut self, machine: &Id, path: &str) -> Option<Vec<u8>> {
        match self.mounted(machine, path) {
            Some(disk) => self.sim.content(&disk)?.files.get(path).cloned(),
            None => self.sim.read_file(machine, path),
        }
    }

    fn restart(&mut self) {
        self.sim.crash();
    }

    fn patience(&self) -> Span {
        Span::seconds(10)
    }

    fn quiet(&self) -> Span {
        Span::seconds(1)
    }
}

#[test]
fn each_case_alone_for_many_seeds() {
    for seed in 0..40 {
        for case in CASES {
            let mut lab = Lab::new(seed, Settings::default());
            run(&mut lab, case);
            let left = lab.sim.inventory();
            assert!(left.is_empty(), "{} leaves {left:?}", case.0);
        }
    }
}

#[test]
fn all_cases_in_one_world() {
    for seed in 100..110 {
        run_all(&mut Lab::new(seed, Settings::default()), "");
    }
}

#[test]
fn all_cases_without_delays() {
    for seed in 200..210 {
        run_all(&mut Lab::new(seed, Settings::instant()), "");
    }
}

/// Two runs of the whole contract from one seed say the same, byte for byte; another seed differs.
#[test]
fn the_same_seed_gives_the_same_bytes() {
    let run = |seed| {
        let mut lab = Lab::new(seed, Settings { text: true, ..Settings::default() });
        run_all(&mut lab, "");
        (lab.sim.trace().digest(), lab.sim.trace().text().to_owned())
    };
    let (first, second, other) = (run(7), run(7), run(8));
    assert!(first.1.lines().count() > 1_000, "the text holds what happened");
    assert_eq!(first.0, second.0);
    assert_eq!(first.1, second.1);
    assert_ne!(first.0, other.0);
}

/// A world that breaks a promise is caught: here one whose control plane forgets what is synced.
#[test]
fn a_broken_world_is_named() {
    struct Forgetful(Lab);
    impl Ground for Forgetful {
        fn world(&mut self) -> &mut dyn World {
            self.0.world()
        }
        fn zones(&self) -> [Zone; 2] {
            self.0.zones()
        }
        fn image(&self) -> Source {
            self.0.image()
        }
        fn public_address(&mut self) -> Ipv4Addr {
            self.0.public_address()
        }
        fn internet_host(&mut self) -> Ipv4Addr {
            self.0.internet_host()
        }
        fn probe(&mut self, from: &Place, to: Ipv4Addr, probe: Probe) -> Reach {
            self.0.probe(from, to, probe)
        }
        fn forge(
            &mut self,
            from: &Id,
            source: Ipv4Addr,
            to: (&Id, Ipv4Addr),
            probe: Probe,
        ) -> Option<bool> {
            self.0.forge(from, source, to, probe)
        }
        fn run_listener(&mut self, machine: &Id, probe: Probe) {
            self.0.run_listener(machine, probe);
        }
        fn write_file(&mut self, machine: &Id, path: &str, bytes: &[u8]) {
            self.0.write_file(machine, path, bytes);
        }
        fn mount(&mut self, machine: &Id, device: &str, at: &str) -> bool {
            self.0.mount(machine, device, at)
        }
        fn begin_writing(&mut self, machine: &Id, path: &str, bytes: &[u8]) {
            self.0.begin_writing(machine, path, bytes);
        }
        fn read_file(&mut self, machine: &Id, path: &str) -> Option<Vec<u8>> {
            self.0.read_file(machine, path)
        }
        fn restart(&mut self) {
            self.0.sim.power_off();
        }
        fn patience(&self) -> Span {
            self.0.patience()
        }
        fn quiet(&self) -> Span {
            self.0.quiet()
        }
    }
    let attempt = std::panic::catch_unwind(|| {
        run_all(&mut Forgetful(Lab::new(1, Settings::instant())), "survives_a_restart");
    });
    let said = attempt.expect_err("machines that die with the control plane are noticed");
    let said = said.downcast_ref::<String>().expect("a message");
    assert!(said.contains("things::the_inventory_survives_a_restart"), "{said}");
}

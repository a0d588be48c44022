//! One seed: who comes, what they ask, what breaks, and the judgement in the end.

use crate::board::Board;
use crate::customer::{Ask, Customer, Heard, Reply, Scope, Thought};
use crate::dice::Dice;
use crate::stage::Stage;
use crate::trouble::Trouble;
use crate::watch::Watch;
use crate::{Profile, customers, laws, oracles, stage};
use sim::{Delay, Settings, Sim};
use std::rc::Rc;
use world::{Span, Ticket, Time};

/// AWS's own waits are so many times shorter where sites are run.
const PACE: u32 = 20;

/// Sites have come to rest after so many looks, a minute apart.
const LOOKS: u64 = 25;

/// A customer and the calls that it has under way.
struct Seat {
    scope: Scope,
    customer: Box<dyn Customer>,
    hands: Vec<Option<(Ticket, Time, Rc<Ask>)>>,
}

/// What a run of a seed left behind.
pub struct Run {
    /// A digest of everything the world was told and said, answers among them, until it was at rest
    /// and the judges came.
    pub digest: u128,
    /// How many calls were made.
    pub calls: u64,
    /// What broke a law, if anything did.
    pub broken: Option<String>,
    /// The last lines of what happened, when something broke or the whole story was wanted.
    pub story: String,
    /// Everything the world was told and said, when the whole story was wanted.
    pub trace: String,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be judged.
    Judge,
    /// To be compared with another run: the judges stay away.
    Compare,
    /// To be told, whole, and judged.
    Tell,
}

/// Runs a seed once.
pub fn run(seed: u64, profile: &Profile, purpose: Purpose) -> Run {
    let whole = purpose == Purpose::Tell;
    let mut dice = Dice::new(seed);
    let chance = dice.roll();
    let mut settings = settings(&mut dice, whole);
    // One in three has sites in two accounts.
    let towns = seed.is_multiple_of(3);
    if towns {
        (settings.pace, settings.usage) = (PACE, true);
    }
    let stage = Stage::new(Sim::new(chance, settings), whole);
    let mut swarm = match towns {
        true => Swarm::with_towns(stage, dice),
        false => Swarm::new(stage, dice, profile),
    };
    let lived = swarm.live(profile);
    let digest = swarm.stage.world().trace().digest();
    let judged = match purpose {
        Purpose::Compare => Ok(()),
        Purpose::Judge | Purpose::Tell => lived.and_then(|()| swarm.judge()),
    };
    let broken = judged.err();
    let mut stage = swarm.stage;
    let story = if broken.is_some() || whole { stage.story() } else { String::new() };
    let calls = stage.calls;
    let trace = stage.world().trace();
    Run { digest, calls, broken, story, trace: trace.text().into() }
}

fn settings(dice: &mut Dice, text: bool) -> Settings {
    let settings = match dice.below(4) {
        0 => Settings::instant(),
        1 => Settings {
            network: Delay::micros(1_000, 2_000_000),
            disk: Delay::micros(1_000, 5_000_000),
            boot: Delay::micros(100_000, 8_000_000),
            removal: Delay::micros(1_000, 3_000_000),
            sync: Delay::micros(200, 50_000),
            ..Settings::default()
        },
        _ => Settings::default(),
    };
    Settings { text, ..settings }
}

/// Who has a site in a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sites {
    None,
    /// Nobody who changes networks is there.
    Alone,
    /// Among others.
    Mixed,
}

struct Swarm {
    sites: Sites,
    watch: Watch,
    stage: Stage,
    dice: Dice,
    board: Board,
    seats: Vec<Seat>,
    scopes: Vec<Scope>,
}

impl Swarm {
    fn new(stage: Stage, mut dice: Dice, profile: &Profile) -> Swarm {
        let mut scopes = vec![("000000000000".to_owned(), "us-east-1".to_owned())];
        if !dice.one_in(3) {
            let region = dice.word(&["us-east-1", "us-east-1", "eu-west-3"]).to_owned();
            scopes.push(("111122223333".to_owned(), region));
        }
        let count = 1 + dice.below(profile.customers);
        let mut seats = Vec::new();
        for number in 0..count {
            let scope = scopes[dice.below(scopes.len() as u64) as usize].clone();
            let nonce = format!("c{number}");
            let customer = customers::someone(&mut dice, &stage, &scope, nonce);
            let hands = (0..customer.hands()).map(|_| None).collect();
            seats.push(Seat { scope, customer, hands });
        }
        let board = Board::default();
        let watch = Watch::default();
        Swarm { sites: Sites::None, watch, stage, dice, board, seats, scopes }
    }

    /// The same customers in two accounts, and perhaps others.
    fn with_towns(stage: Stage, mut dice: Dice) -> Swarm {
        let region = dice.word(&["us-east-1", "us-east-1", "eu-west-3"]).to_owned();
        let scopes = vec![
            ("000000000000".to_owned(), "us-east-1".to_owned()),
            ("111122223333".to_owned(), region),
        ];
        let sites = if dice.one_in(3) { Sites::Mixed } else { Sites::Alone };
        let posts = dice.one_in(2);
        let mut seats = Vec::new();
        for scope in &scopes {
            let mut customers = vec![customers::town(scope, "c0")];
            if posts {
                customers.push(customers::post("c1"));
            }
            if sites == Sites::Mixed {
                // Of its own name: it knows others' ids from its own by them.
                let nonce = format!("c{}", 2 + seats.len());
                customers.push(customers::someone(&mut dice, &stage, scope, nonce));
            }
            for customer in customers {
                let hands = (0..customer.hands()).map(|_| None).collect();
                seats.push(Seat { scope: scope.clone(), customer, hands });
            }
        }
        let (watch, board) = (Watch::default(), Board::default());
        Swarm { sites, watch, stage, dice, board, seats, scopes }
    }

    fn live(&mut self, profile: &Profile) -> Result<(), String> {
        let faults = self.dice.below(u64::from(profile.faults) + 1) as u32;
        let mut trouble = Trouble::new(faults, "us-east-1");
        let steps = if self.sites == Sites::None { profile.steps } else { profile.steps * 2 };
        for _ in 0..steps {
            self.ask();
            if self.dice.one_in(2) {
                // So that calls are under way when something breaks.
                let moment = self.dice.millis(4);
                self.stage.pass(moment);
                self.listen()?;
                trouble.step(&mut self.stage, &mut self.dice);
            }
            self.let_time_pass();
            self.listen()?;
            self.defects()?;
            self.look()?;
        }
        trouble.end(&mut self.stage);
        self.finish()
    }

    /// Free hands ask; some hands that wait hang up.
    fn ask(&mut self) {
        for seat in &mut self.seats {
            let now = self.stage.now();
            for (hand, under_way) in seat.hands.iter_mut().enumerate() {
                if let Some((ticket, asked, ask)) = under_way {
                    if self.dice.one_in(60) {
                        self.stage.hang_up(*ticket);
                        let (asked, ask) = (*asked, ask.clone());
                        *under_way = None;
                        let reply = Reply { ask, asked, now, heard: Heard::Lost };
                        let heard = seat.customer.hear(reply, &mut self.board);
                        heard.expect("what was not heard breaks no law");
                    }
                    continue;
                }
                if self.dice.one_in(4) {
                    continue;
                }
                let (dice, board) = (&mut self.dice, &mut self.board);
                let mut thought = Thought { dice, board, now };
                if let Some(ask) = seat.customer.next(hand, &mut thought) {
                    let ticket = self.stage.send(&seat.scope, &ask);
                    *under_way = Some((ticket, now, Rc::new(ask)));
                }
            }
        }
    }

    fn let_time_pass(&mut self) {
        let slow = if self.sites == Sites::None { 0 } else { 6 };
        let span = match slow + self.dice.below(20 - slow) {
            0..=5 => self.dice.millis(3),
            6..=14 => self.dice.millis(60),
            15..=18 => self.dice.millis(2_000),
            _ => self.dice.millis(40_000),
        };
        self.stage.pass(span);
    }

    /// Hands every answer and every lost connection to whoever waits for it.
    fn listen(&mut self) -> Result<(), String> {
        for (ticket, answer) in self.stage.answers() {
            let heard = match answer {
                Ok(answer) => Heard::Yes(answer),
                Err(refused) if stage::nobody_knows(&refused) => Heard::Lost,
                Err(refused) => Heard::No(refused),
            };
            self.hear(ticket, heard)?;
        }
        for ticket in self.stage.lost() {
            self.hear(ticket, Heard::Lost)?;
        }
        Ok(())
    }

    fn hear(&mut self, ticket: Ticket, heard: Heard) -> Result<(), String> {
        let now = self.stage.now();
        for seat in &mut self.seats {
            for under_way in &mut seat.hands {
                if under_way.as_ref().is_some_and(|(waits, ..)| *waits == ticket)
                    && let Some((_, asked, ask)) = under_way.take()
                {
                    let reply = Reply { ask, asked, now, heard };
                    return seat.customer.hear(reply, &mut self.board);
                }
            }
        }
        Ok(())
    }

    fn defects(&mut self) -> Result<(), String> {
        self.stage.inspect();
        self.stage.bugs.first().map_or(Ok(()), |bug| Err(bug.clone()))
    }

    /// Sites are watched at every moment.
    fn look(&mut self) -> Result<(), String> {
        match self.sites {
            Sites::None => Ok(()),
            Sites::Alone | Sites::Mixed => self.watch.look(&mut self.stage),
        }
    }

    /// Faults have ended: everyone hears, and everything comes to rest.
    fn finish(&mut self) -> Result<(), String> {
        self.stage.pass(Span::seconds(21));
        self.listen()?;
        let waits = |seat: &&Seat| seat.hands.iter().any(Option::is_some);
        if let Some(seat) = self.seats.iter().find(waits) {
            let asks: Vec<_> = seat.hands.iter().flatten().map(|(.., ask)| ask).collect();
            return Err(format!("never answered: {asks:?}"));
        }
        if self.sites != Sites::None {
            return self.come_to_rest();
        }
        // Past the sweep, and past what looks again after a while.
        self.stage.pass(Span::seconds(100));
        self.stage.settle()?;
        self.stage.pass(Span::seconds(35));
        self.stage.settle()
    }

    /// Sites are never idle, since they are measured and looked at; but their laws come to hold.
    fn come_to_rest(&mut self) -> Result<(), String> {
        for seat in &mut self.seats {
            for ask in seat.customer.calm() {
                // What is gone needs nothing.
                let _gone = self.stage.call(&seat.scope, &ask)?;
            }
        }
        let mut broken = Ok(());
        for number in 0..LOOKS {
            // Not in step with anything that is done again and again.
            self.stage.pass(Span::millis(60_000 + 137 * number));
            self.defects()?;
            self.look()?;
            broken = laws::hold(&mut self.stage, self.sites == Sites::Alone);
            if broken.is_ok() && self.stage.region().settled() {
                return Ok(());
            }
        }
        broken.and_then(|()| Err("plans are never empty".to_owned()))
    }

    fn judge(&mut self) -> Result<(), String> {
        oracles::plans_are_empty(&mut self.stage)?;
        oracles::inventory_agrees(&mut self.stage)?;
        oracles::journal_tells_the_same(&mut self.stage)?;
        for seat in &mut self.seats {
            seat.customer.judge(&mut self.stage, &seat.scope)?;
        }
        oracles::accounts_are_apart(&mut self.stage, &self.scopes)?;
        match self.sites {
            Sites::None => self.stage.settle()?,
            Sites::Alone | Sites::Mixed => {
                self.watch.look(&mut self.stage)?;
                self.watch.bill(&mut self.stage, &self.scopes)?;
            }
        }
        oracles::plans_are_empty(&mut self.stage)?;
        self.defects()
    }
}

//! What questions take, each beside a bare loop that answers the same in the same moment. Machines are shared: the ratios last, and of
//! those the ratio of the time that processors worked, which waiting for one does not touch.

use std::time::{Duration, Instant};

/// How often everything is asked.
const ROUNDS: usize = 15;

/// Asks questions and prints a line for each.
pub(crate) struct Table {
    /// Only questions whose names contain this.
    wanted: Option<String>,
}

impl Table {
    /// What the command line asks for, and the head of the table.
    pub(crate) fn begin() -> Self {
        let wanted = std::env::args().skip(1).find(|arg| !arg.starts_with('-'));
        println!("| question | ms | bare | ratio | processors' ms | bare | ratio | aim |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        Self { wanted }
    }

    /// Asks in turns, and refuses answers that differ. `aim` is in milliseconds.
    pub(crate) fn line<T: PartialEq + std::fmt::Debug>(
        &self,
        name: &str,
        aim: Option<u32>,
        ours: impl Fn() -> T,
        bare: impl Fn() -> T,
    ) {
        if self.leaves_out(name) {
            return;
        }
        assert_eq!(ours(), bare(), "{name}");
        let rounds = (0..ROUNDS).map(|_| [time(&ours), time(&bare)]);
        let rounds: Vec<[Spent; 2]> = rounds.collect();
        let aim = aim.map_or(String::new(), |aim| aim.to_string());
        let columns = [|spent: Spent| spent.ms, |spent: Spent| spent.worked_ms].map(|read| {
            let [ours, bare] =
                [0, 1].map(|which| median(rounds.iter().map(|round| read(round[which])).collect()));
            let ratio = median(rounds.iter().map(|[a, b]| read(*a) / read(*b)).collect());
            format!("{ours:.1} | {bare:.1} | {ratio:.1}")
        });
        println!("| {name} | {} | {aim} |", columns.join(" | "));
    }

    /// Measures what no bare loop answers.
    pub(crate) fn alone(&self, name: &str, mut act: impl FnMut()) {
        if self.leaves_out(name) {
            return;
        }
        let started = Instant::now();
        const TIMES: u32 = 100_000;
        (0..TIMES).for_each(|_| act());
        println!(
            "| {name} | {:.4} | | | | | | |",
            ms(started.elapsed() / TIMES)
        );
    }

    fn leaves_out(&self, name: &str) -> bool {
        self.wanted
            .as_ref()
            .is_some_and(|wanted| !name.contains(wanted.as_str()))
    }
}

#[derive(Clone, Copy)]
struct Spent {
    ms: f64,
    worked_ms: f64,
}

fn time<T>(act: impl Fn() -> T) -> Spent {
    let (started, worked) = (Instant::now(), worked_ms());
    std::hint::black_box(act());
    Spent {
        ms: ms(started.elapsed()),
        worked_ms: worked_ms() - worked,
    }
}

/// How long processors have worked for all threads of this process; not known but on Linux.
fn worked_ms() -> f64 {
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanos = tasks.flatten().filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanos.sum::<f64>() / 1e6
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

//! The flags of each law.

use super::super::options::OutputArgs;
use super::values::{
    Counts, Share, Sizes, Time, Wait, alpha, beta, betas, count, counts, lambda, load, price, rate, share, sizes, time,
    wait,
};

/// Which law.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Law {
    Amdahl(AmdahlArgs),
    Gustafson(GustafsonArgs),
    Usl(UslArgs),
    Speedup(SpeedupArgs),
    Staffing(StaffingArgs),
    Queue(QueueArgs),
    Repairman(RepairmanArgs),
}

/// Amdahl's law: how many times as fast a job is on more processors, at most 1/s
#[derive(Debug, clap::Args)]
pub(super) struct AmdahlArgs {
    /// The serial share s of the work, such as 5% or 0.05
    #[arg(long, value_name = "SHARE", value_parser = share, required_unless_present = "fit")]
    pub(super) serial: Option<Share>,
    /// Fit the share to measurements: a CSV of size and throughput, speedup or time; - for standard input
    #[arg(long, value_name = "FILE.csv", conflicts_with = "serial")]
    pub(super) fit: Option<String>,
    /// Time on one processor, such as 20h: shows how long the job takes at each size
    #[arg(long, visible_alias = "time", value_name = "TIME", value_parser = time)]
    pub(super) work: Option<Time>,
    /// Numbers of processors, such as 1,2,10 or 1..16 or 1..64:8
    #[arg(long, value_name = "LIST", value_parser = sizes)]
    pub(super) sizes: Option<Sizes>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// Gustafson's law: how much more work is done in the same time on more processors
#[derive(Debug, clap::Args)]
pub(super) struct GustafsonArgs {
    /// The share of the run during which one processor works, such as 5% or 0.05
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(super) serial: Share,
    /// How long each run takes, such as 1h: shows how long its work would take one processor
    #[arg(long, visible_alias = "time", value_name = "TIME", value_parser = time)]
    pub(super) run_time: Option<Time>,
    /// Numbers of processors, such as 1,2,10 or 1..16 or 1..64:8
    #[arg(long, value_name = "LIST", value_parser = sizes)]
    pub(super) sizes: Option<Sizes>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// The universal scalability law: where throughput peaks, from contention and coherency
#[derive(Debug, clap::Args)]
pub(super) struct UslArgs {
    /// Throughput of one, such as 1000 or 1000/s
    #[arg(long, value_name = "THROUGHPUT", value_parser = lambda, required_unless_present = "fit")]
    pub(super) lambda: Option<f64>,
    /// Contention: the serial share, such as 2% or 0.02
    #[arg(long, value_name = "SHARE", value_parser = alpha, required_unless_present = "fit")]
    pub(super) alpha: Option<Share>,
    /// Coherency: what each pair costs, such as 0.0005
    #[arg(long, value_name = "NUMBER", value_parser = beta, required_unless_present = "fit")]
    pub(super) beta: Option<f64>,
    /// Fit the parameters to measurements: a CSV of size and throughput; - for standard input
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["lambda", "alpha", "beta"])]
    pub(super) fit: Option<String>,
    /// Sizes, such as 1,2,10 or 1..16 or 1..64:8
    #[arg(long, value_name = "LIST", value_parser = sizes)]
    pub(super) sizes: Option<Sizes>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// A job on cores: run time, speedup and cost, and the fewest cores for a time
#[derive(Debug, clap::Args)]
pub(super) struct SpeedupArgs {
    /// Time on one core, such as 20h
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) work: Time,
    /// The serial share of the work, such as 5% or 0.05
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(super) serial: Share,
    /// Numbers of cores, such as 1,2,10 or 1..16 or 1..64:8
    #[arg(long, value_name = "LIST", value_parser = sizes)]
    pub(super) cores: Option<Sizes>,
    /// Find the fewest cores with which it takes no longer, such as 2h
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) within: Option<Time>,
    /// What a core costs for an hour
    #[arg(long, value_name = "PRICE", value_parser = price)]
    pub(super) price: Option<f64>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// Staffing: the fewest servers for a target, by Erlang's formulas and by the square root
#[derive(Debug, clap::Args)]
pub(super) struct StaffingArgs {
    /// The offered load in erlangs: arrival rate × mean service time
    #[arg(long, value_name = "ERLANGS", value_parser = load, conflicts_with = "rate")]
    pub(super) load: Option<f64>,
    /// Arrivals, such as 500/s
    #[arg(long, value_name = "RATE", value_parser = rate, requires = "service_time")]
    pub(super) rate: Option<Time>,
    /// Mean service time, such as 200ms
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) service_time: Option<Time>,
    /// At most this share has to wait, such as 10%; repeatable, as all targets are
    #[arg(long, value_name = "SHARE", value_parser = written_share)]
    pub(super) wait_probability: Vec<(f64, String)>,
    /// The mean wait is at most this, such as 50ms
    #[arg(long, value_name = "TIME", value_parser = written_time)]
    pub(super) mean_wait: Vec<(f64, String)>,
    /// A percentile of the wait is at most this, such as p95=100ms
    #[arg(long, value_name = "pN=TIME", value_parser = wait)]
    pub(super) wait: Vec<Wait>,
    /// At most this share is lost, where nobody can wait, such as 1%
    #[arg(long, value_name = "SHARE", value_parser = written_share)]
    pub(super) loss: Vec<(f64, String)>,
    /// Square roots of the load to add to it
    #[arg(long, value_name = "LIST", value_parser = betas, default_value = "0.5,1,2")]
    pub(super) beta: Sizes,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// One queue, M/M/c: utilization, waiting and response times
#[derive(Debug, clap::Args)]
pub(super) struct QueueArgs {
    /// Arrivals, such as 80/s
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(super) rate: Time,
    /// Mean service time, such as 50ms
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) service_time: Time,
    /// Numbers of servers, such as 1 or 4,8 or 5..8
    #[arg(long, value_name = "LIST", value_parser = counts, default_value = "1")]
    pub(super) servers: Counts,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

/// Users who think and share servers: the machine-repair model, its bound, and Amdahl's law
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "knee law repairman [OPTIONS] --users <LIST>\n           --think-time <TIME> --service-time <TIME>"
)]
pub(super) struct RepairmanArgs {
    /// Numbers of users, such as 1,4,20 or 1..30
    #[arg(long, value_name = "LIST", value_parser = counts)]
    pub(super) users: Counts,
    /// Mean time between an answer and the next request, such as 950ms
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) think_time: Time,
    /// Mean service time, such as 50ms
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(super) service_time: Time,
    /// How many servers there are
    #[arg(long, value_name = "N", value_parser = count, default_value = "1")]
    pub(super) servers: u32,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

fn written_share(text: &str) -> Result<(f64, String), String> {
    match share(text)?.0 {
        share if share > 0.0 => Ok((share, text.trim().to_owned())),
        _ => Err("no number of servers gives 0: write a share above it, such as 0.1%".into()),
    }
}

fn written_time(text: &str) -> Result<(f64, String), String> {
    time(text).map(|time| (time.0, text.trim().to_owned()))
}

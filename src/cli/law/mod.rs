//! `knee law`: what the laws of scaling and of queues say, without a simulation.

mod args;
mod values;

use std::fs::File;
use std::io::stdin;
use std::path::PathBuf;

use knee::diagnostic::printable;
use knee::experiment::law::{self, Answer, Measured, Target};
use knee::laws::usl::Usl;

use self::args::{AmdahlArgs, GustafsonArgs, Law, QueueArgs, RepairmanArgs, SpeedupArgs, StaffingArgs, UslArgs};
use self::values::Sizes;
use super::input::{MOST_DATA, read_text};
use super::options::OutputArgs;
use super::{Exit, Failure, output, terminal};

const EXAMPLES: &str = "\
Examples:
  knee law amdahl --serial 5% --work 20h       what more cores are worth
  knee law usl --fit measured.csv              how far does it scale? (size,throughput)
  knee law staffing --load 100 --wait-probability 10%
  knee law queue --rate 80/s --service-time 50ms --servers 5..8";

/// What the laws of scaling and of queues say, without a simulation: given parameters, or fitted to measurements
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    law: Law,
}

/// Computes and reports.
pub(crate) fn main(args: &Args) -> Result<Exit, Failure> {
    let (answer, output) = match &args.law {
        Law::Amdahl(args) => (amdahl(args)?, &args.output),
        Law::Gustafson(args) => (gustafson(args), &args.output),
        Law::Usl(args) => (usl(args)?, &args.output),
        Law::Speedup(args) => (speedup(args), &args.output),
        Law::Staffing(args) => (staffing(args)?, &args.output),
        Law::Queue(args) => (queue(args), &args.output),
        Law::Repairman(args) => (repairman(args), &args.output),
    };
    finish(&answer, output, &inputs(&args.law), &next(&args.law))
}

/// What to try next.
fn next(law: &Law) -> String {
    let quoted = |file: &str| terminal::quoted(file);
    match law {
        Law::Amdahl(AmdahlArgs { fit: Some(file), .. }) if file != "-" => {
            format!("knee law usl --fit {}", quoted(file))
        }
        Law::Amdahl(AmdahlArgs { serial: Some(serial), .. }) => {
            format!("knee law speedup --work 20h --serial {} --within 2h", serial.0)
        }
        Law::Gustafson(args) => format!("knee law amdahl --serial {}", args.serial.0),
        Law::Usl(UslArgs { fit: Some(file), output, .. }) if file != "-" => match output.plot {
            None => format!("knee law usl --fit {} --plot usl.svg", quoted(file)),
            Some(_) => format!("knee law amdahl --fit {}", quoted(file)),
        },
        Law::Speedup(args) => format!("knee law amdahl --serial {} --plot amdahl.svg", args.serial.0),
        Law::Staffing(StaffingArgs { rate: Some(rate), service_time: Some(service), .. }) => {
            let servers = (rate.0 * service.0).floor() + 1.0;
            let range = format!("{servers}..{}", servers + 4.0);
            format!("knee law queue --rate {}/s --service-time {}s --servers {range}", rate.0, service.0)
        }
        Law::Staffing(_) => "knee law staffing --rate 500/s --service-time 200ms --wait p95=100ms".into(),
        Law::Queue(args) => after_queue(args),
        Law::Repairman(_) => "knee sweep closed-users".into(),
        Law::Amdahl(_) | Law::Usl(_) => "knee sweep lock-contention".into(),
    }
}

/// How many servers it takes, if some of these numbers are too few.
fn after_queue(QueueArgs { rate, service_time, servers, .. }: &QueueArgs) -> String {
    let load = rate.0 * service_time.0;
    match servers.0.iter().any(|&servers| f64::from(servers) <= load) && load <= values::MOST_LOAD {
        true => {
            format!("knee law staffing --rate {}/s --service-time {}s --wait-probability 10%", rate.0, service_time.0)
        }
        false => "knee run single-queue".into(),
    }
}

/// The files that were read.
fn inputs(law: &Law) -> Vec<PathBuf> {
    match law {
        Law::Amdahl(AmdahlArgs { fit, .. }) | Law::Usl(UslArgs { fit, .. }) => fit.iter().map(PathBuf::from).collect(),
        _ => Vec::new(),
    }
}

fn finish(answer: &Answer, args: &OutputArgs, inputs: &[PathBuf], next: &str) -> Result<Exit, Failure> {
    output::prepare(args, Vec::new(), inputs)?;
    output::deliver(answer, args, &output::about(args, &[], &[]), Vec::new())?;
    output::hint(args, next)?;
    Ok(Exit::Done)
}

fn amdahl(args: &AmdahlArgs) -> Result<Answer, Failure> {
    let work = args.work.map(|work| work.0);
    match (&args.fit, args.serial) {
        (Some(file), _) => law::fit_amdahl(&measured(file)?, work, Sizes::given(&args.sizes)).map_err(Failure::Usage),
        (None, serial) => Ok(law::amdahl(serial.map_or(0.0, |serial| serial.0), work, Sizes::given(&args.sizes))),
    }
}

fn gustafson(args: &GustafsonArgs) -> Answer {
    law::gustafson(args.serial.0, args.run_time.map(|time| time.0), Sizes::given(&args.sizes))
}

fn usl(args: &UslArgs) -> Result<Answer, Failure> {
    match (&args.fit, args.lambda) {
        (Some(file), _) => law::fit_usl(&measured(file)?, Sizes::given(&args.sizes)).map_err(Failure::Usage),
        (None, lambda) => {
            let law = Usl {
                lambda: lambda.unwrap_or(1.0),
                alpha: args.alpha.map_or(0.0, |alpha| alpha.0),
                beta: args.beta.unwrap_or(0.0),
            };
            Ok(law::usl(law, Sizes::given(&args.sizes)))
        }
    }
}

fn speedup(args: &SpeedupArgs) -> Answer {
    law::speedup(args.work.0, args.serial.0, args.price, args.within.map(|time| time.0), Sizes::given(&args.cores))
}

fn staffing(args: &StaffingArgs) -> Result<Answer, Failure> {
    let service = args.service_time.map(|time| time.0);
    let load = match (args.load, args.rate, service) {
        (Some(load), ..) => load,
        (None, Some(rate), Some(service)) => rate.0 * service,
        _ => {
            return Err(Failure::Usage(
                "say how much there is to do: --load ERLANGS, or --rate and --service-time".into(),
            ));
        }
    };
    if !(load > 0.0 && load <= values::MOST_LOAD) {
        return Err(Failure::Usage(format!(
            "a load of {load} erlangs: it must be above 0 and at most {}",
            values::MOST_LOAD
        )));
    }
    law::staffing(load, service, &targets(args, service)?, &args.beta.0).map_err(Failure::Usage)
}

/// What was asked for; times in units of the service time.
fn targets(args: &StaffingArgs, service: Option<f64>) -> Result<Vec<(String, Target)>, Failure> {
    let waits = args.wait_probability.iter().map(|share| (format!("P(wait) ≤ {}", share.1), Target::Waits(share.0)));
    let mut targets: Vec<(String, Target)> = waits.collect();
    let missing = || Failure::Usage("how long they wait depends on --service-time TIME: add it".into());
    for time in &args.mean_wait {
        let service = service.ok_or_else(missing)?;
        targets.push((format!("mean wait ≤ {}", time.1), Target::MeanWait(time.0 / service)));
    }
    for wait in &args.wait {
        let service = service.ok_or_else(missing)?;
        targets.push((format!("{} wait ≤ {}", wait.name, wait.text), Target::Wait(wait.p, wait.time / service)));
    }
    targets.extend(args.loss.iter().map(|share| (format!("loss ≤ {}", share.1), Target::Loss(share.0))));
    Ok(targets)
}

fn queue(args: &QueueArgs) -> Answer {
    law::queue(args.rate.0, args.service_time.0, &args.servers.0)
}

fn repairman(args: &RepairmanArgs) -> Answer {
    law::repairman(args.think_time.0, args.service_time.0, args.servers, &args.users.0)
}

/// The measurements in a file, or on standard input for `-`; every problem at once.
fn measured(file: &str) -> Result<Measured, Failure> {
    let text = match file {
        "-" => read_text(stdin().lock(), MOST_DATA),
        file => File::open(file).and_then(|opened| read_text(opened, MOST_DATA)),
    };
    let text = text.map_err(|error| Failure::Usage(format!("cannot read {file}: {error}")))?;
    let name = if file == "-" { "standard input" } else { file };
    Measured::read(&printable(name), &text).map_err(|problems| {
        problems.iter().for_each(|problem| terminal::error(problem));
        Failure::Shown
    })
}

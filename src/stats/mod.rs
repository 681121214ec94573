//! From observations to estimates: histograms, confidence intervals, the warm-up cut.

mod confidence;
mod histogram;
mod holm;
mod integral;
mod running_quantile;
mod share;
mod squares;
mod warm_up;

pub use crate::numeric::{t_quantile, t_two_sided};
pub use confidence::{half_width, half_width_at, mean_interval};
pub use histogram::Histogram;
pub use holm::holm;
pub use integral::Integral;
pub use running_quantile::RunningQuantile;
pub use share::{independent, share_interval};
pub use squares::Squares;
pub use warm_up::{Cut, Mser};

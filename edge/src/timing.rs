//! `Server-Timing` (W3C), where the host has a clock that moves.

/// Milliseconds by stage.
#[derive(Clone, Debug, Default)]
pub struct Timing(Vec<(&'static str, f64)>);

impl Timing {
    /// Adds a stage's duration; what is not a finite, positive number is left out.
    pub fn add(&mut self, stage: &'static str, milliseconds: f64) {
        if milliseconds.is_finite() && milliseconds > 0.0 {
            self.0.push((stage, milliseconds));
        }
    }

    /// The header's value; `None` when no time was seen to pass.
    pub fn header(&self) -> Option<String> {
        let stages: Vec<String> = self.0.iter().map(|(stage, ms)| format!("{stage};dur={ms:.1}")).collect();
        (!stages.is_empty()).then(|| stages.join(", "))
    }
}

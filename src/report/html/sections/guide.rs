//! How to read the page, for those who see one for the first time.

use crate::report::html::page::Section;

const LINES: [&str; 6] = [
    "The box at the top is the judgement. Behind it stands the exit code of perfgate: a CI job fails with every number but 0.",
    "✗ FAIL: worse than is allowed. ▲ WARN: within, but perhaps not for long, or it only should hold. ? UNDECIDED: it takes more \
     sessions to tell. – NOT JUDGED: there is no number to judge. ✓ PASS: as it should be.",
    "A threshold is a fixed bound of the plan. A comparison asks whether a metric is worse than what the baseline recorded, by \
     more than its tolerance and not by chance.",
    "A 90 % interval holds the true change in nine of ten cases. The wider it is, the less one session says.",
    "p95 is the time that 95 of 100 iterations did not exceed. Times come with three digits; “>” means at least so bad, because the \
     iteration was given up.",
    "– stands for no data, which is neither zero nor good. If the generator itself was too slow, the page says so at the top, and \
     then no number on it is evidence.",
];

pub(crate) fn guide() -> Section {
    let mut section = Section::new("guide", "How to read this page");
    section.list(LINES.map(str::to_owned).to_vec());
    section
}

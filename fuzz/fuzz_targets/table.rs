//! The core against the model of `tests/model`: sizes, maximum loads, hash functions and steps from the fuzzer's bytes.

#![no_main]

#[path = "../../tests/model/mod.rs"]
mod model;

use hashtable::table::Dense;
use libfuzzer_sys::arbitrary::{Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};
use model::{Failing, HashFunction, Pinned, Record, Step, run};

/// What one input says: which store, how the table is to be, and what is done to it.
struct Program {
    pinned: bool,
    size: usize,
    max_load: Option<f64>,
    hash: HashFunction,
    steps: Vec<Step>,
}

/// Longer programs take time, and find nothing that two shorter ones do not.
const MOST_STEPS: usize = 300;

impl Program {
    fn read(bytes: &mut Unstructured<'_>) -> Result<Self> {
        let mut program = Self {
            pinned: bytes.arbitrary()?,
            size: bytes.int_in_range(1..=20)?,
            max_load: *bytes.choose(&[None, Some(0.07), Some(0.5), Some(0.7), Some(1.0), Some(2.5)])?,
            hash: hash_function(bytes)?,
            steps: Vec::new(),
        };
        while !bytes.is_empty() && program.steps.len() < MOST_STEPS {
            program.steps.push(step(bytes)?);
        }
        Ok(program)
    }

    fn run(&self) {
        if self.pinned {
            run::<Pinned>(self.size, self.max_load, self.hash, &self.steps);
        } else {
            run::<Dense<Record, Failing>>(self.size, self.max_load, self.hash, &self.steps);
        }
    }
}

fn hash_function(bytes: &mut Unstructured<'_>) -> Result<HashFunction> {
    Ok(match bytes.int_in_range(0..=5)? {
        0 => HashFunction::Identity,
        1 => HashFunction::Negative,
        2 => HashFunction::Constant(bytes.arbitrary()?),
        3 => HashFunction::Few,
        4 => HashFunction::Strided,
        _ => HashFunction::Scrambled,
    })
}

fn step(bytes: &mut Unstructured<'_>) -> Result<Step> {
    let (choice, operand): (u8, u8) = bytes.arbitrary()?;
    // Additions and removals have the larger part of the choices, as in any program.
    Ok(match choice % 32 {
        0..=11 => Step::Add(operand, u32::from(choice)),
        12..=18 => Step::Remove(operand),
        19..=21 => Step::Find(operand),
        22..=24 => Step::AddInVain(operand),
        25 | 26 => Step::Reserve(operand / 4),
        27 => Step::ReserveInVain(operand),
        28 => Step::Shrink,
        29 => Step::ShrinkInVain,
        30 => Step::Copy,
        _ => Step::Clear,
    })
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    match Program::read(&mut Unstructured::new(bytes)) {
        Ok(program) => {
            program.run();
            Corpus::Keep
        }
        Err(_) => Corpus::Reject,
    }
});

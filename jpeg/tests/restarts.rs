//! Restart markers as careless writers and broken disks leave them: what is wrong with one costs one interval at most.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::writer::{Pass, Writer};
use common::*;
use deckle_jpeg::{Options, Scale};

/// A restart after each row of MCUs, of which there are 12; sequential, its scans apart, progressive.
fn writers() -> Vec<(&'static str, Writer)> {
    let mut sequential = Writer::new(64, 192, &[(2, 2), (1, 1), (1, 1)], 5);
    sequential.restart_rows = true;
    let mut apart = sequential.clone();
    apart.scans = vec![vec![0], vec![1], vec![2]];
    let mut progressive = sequential.clone();
    let pass = |components: &[usize], band, high, low| Pass { components: components.to_vec(), band, high, low };
    progressive.script = vec![
        pass(&[0, 1, 2], (0, 0), 0, 1),
        pass(&[0], (1, 63), 0, 1),
        pass(&[1], (1, 63), 0, 0),
        pass(&[2], (1, 63), 0, 0),
        pass(&[0, 1, 2], (0, 0), 1, 0),
        pass(&[0], (1, 63), 1, 0),
    ];
    vec![("sequential", sequential), ("apart", apart), ("progressive", progressive)]
}

/// Where the restart markers are.
fn markers(jpeg: &[u8]) -> Vec<usize> {
    let is_marker = |at: &usize| jpeg[*at] == 0xFF && (0xD0..=0xD7).contains(&jpeg[*at + 1]);
    (0..jpeg.len() - 1).filter(is_marker).collect()
}

/// Rows of MCUs in which two pictures differ.
fn differing_rows(a: &Decoded, b: &Decoded, rows: usize) -> Vec<usize> {
    let differs = |row: usize| {
        a.planes.iter().zip(&b.planes).any(|(a, b)| {
            let size = a.samples.len() / rows;
            a.samples[row * size..][..size] != b.samples[row * size..][..size]
        })
    };
    (0..rows).filter(|&row| differs(row)).collect()
}

/// Applies `change` to each marker in turn.
fn for_each_marker(change: impl Fn(&mut Vec<u8>, usize), most: usize, may_be_damage: bool, what: &str) {
    for (name, writer) in writers() {
        let jpeg = writer.write();
        for scale in [Scale::Full, Scale::Quarter, Scale::Eighth] {
            let whole = decode(&jpeg, scale, &Options::default());
            assert!(!whole.damaged);
            for (i, at) in markers(&jpeg).into_iter().enumerate() {
                let mut changed = jpeg.clone();
                change(&mut changed, at);
                let got = decode(&changed, scale, &Options::default());
                let rows = differing_rows(&whole, &got, 12);
                assert!(rows.len() <= most, "{what}, {name} {scale:?}, marker {i}: rows {rows:?} differ");
                assert!(may_be_damage || !got.damaged, "{what}, {name} {scale:?}, marker {i} is called damage");
                // a last row that is missing does not count
                assert!(
                    rows.is_empty() || rows == [11] || got.damaged,
                    "{what}, {name} {scale:?}, marker {i} is no damage"
                );
            }
        }
    }
}

#[test]
fn bytes_before_a_marker_change_nothing() {
    for stray in [&[0x11, 0x22, 0x33, 0x44][..], &[0xFF], &[0xFF, 0xFF, 0xFF], &[0xFF, 0, 0xFF, 0], &[0x55; 30]] {
        let insert = |jpeg: &mut Vec<u8>, at: usize| drop(jpeg.splice(at..at, stray.iter().copied()));
        for_each_marker(insert, 0, false, &format!("{stray:x?} before"));
    }
}

#[test]
fn bytes_before_every_marker_change_nothing() {
    for (name, writer) in writers() {
        let jpeg = writer.write();
        let mut changed = jpeg.clone();
        for at in markers(&jpeg).into_iter().rev() {
            changed.splice(at..at, [0x11, 0x22, 0x33, 0x44]);
        }
        assert!(
            decode(&changed, Scale::Full, &Options::default()) == decode(&jpeg, Scale::Full, &Options::default()),
            "{name}"
        );
    }
}

#[test]
fn a_wrong_number_changes_nothing() {
    for add in 1..8 {
        let renumber = |jpeg: &mut Vec<u8>, at: usize| jpeg[at + 1] = 0xD0 + (jpeg[at + 1] - 0xD0 + add) % 8;
        for_each_marker(renumber, 0, false, &format!("{add} more"));
    }
}

#[test]
fn a_marker_that_became_another_one_changes_nothing() {
    for code in [0x01, 0x33, 0x93, 0xC3, 0xDB, 0xDA, 0xE7, 0xF0] {
        for_each_marker(|jpeg, at| jpeg[at + 1] = code, 0, false, &format!("FF {code:02X}"));
    }
    // the last one of a scan cannot be told from the end of the file
    let end_of_image = |jpeg: &mut Vec<u8>, at: usize| {
        let next = jpeg[at + 2..].windows(2).find(|pair| pair[0] == 0xFF && pair[1] != 0);
        if next.is_some_and(|next| (0xD0..=0xD7).contains(&next[1])) {
            jpeg[at + 1] = 0xD9;
        }
    };
    for_each_marker(end_of_image, 0, false, "FF D9");
}

#[test]
fn a_missing_marker_costs_one_interval() {
    for_each_marker(|jpeg, at| drop(jpeg.drain(at..at + 2)), 1, true, "missing");
    for_each_marker(|jpeg, at| jpeg[at] = 0xEE, 1, true, "EE");
    for_each_marker(|jpeg, at| jpeg[at + 1] = 0, 1, true, "FF 00");
}

#[test]
fn a_missing_interval_costs_one_interval() {
    for (name, writer) in writers().drain(..2) {
        let jpeg = writer.write();
        let whole = decode(&jpeg, Scale::Full, &Options::default());
        for pair in markers(&jpeg).windows(2).filter(|pair| jpeg[pair[0] + 1] != 0xD2 || name == "sequential") {
            if jpeg[pair[0]..pair[1]].windows(2).any(|two| two == [0xFF, 0xDA]) {
                continue;
            }
            let mut changed = jpeg.clone();
            changed.drain(pair[0]..pair[1]);
            let got = decode(&changed, Scale::Full, &Options::default());
            let rows = differing_rows(&whole, &got, 12);
            assert!(rows.len() == 1 && (got.damaged || rows == [11]), "{name} at {}: rows {rows:?} differ", pair[0]);
        }
    }
}

#[test]
fn garbage_in_an_interval_costs_one_interval() {
    // what happens to be valid codes cannot be told from data, so it need not be called damage
    for byte in [0xEE, 0x00, 0x55] {
        for (name, writer) in writers() {
            let jpeg = writer.write();
            let whole = decode(&jpeg, Scale::Full, &Options::default());
            for at in markers(&jpeg) {
                let mut changed = jpeg.clone();
                let interval = changed[at + 2..].iter_mut().take_while(|byte| **byte != 0xFF);
                interval.take(4).for_each(|data| *data = byte);
                let got = decode(&changed, Scale::Full, &Options::default());
                let rows = differing_rows(&whole, &got, 12);
                assert!(rows.len() <= 1, "{name} {byte:x}: rows {rows:?} differ");
            }
        }
    }
}

#[test]
fn restarts_that_were_announced_and_never_written_are_none() {
    let mut writer = Writer::new(64, 96, &[(2, 2), (1, 1), (1, 1)], 5);
    let plain = decode(&writer.write(), Scale::Full, &Options::default());
    let jpeg = writer.write();
    let interval = jpeg.windows(2).position(|two| two == [0xFF, 0xDD]).unwrap();
    let mut changed = jpeg.clone();
    changed[interval + 5] = 4;
    assert!(decode(&changed, Scale::Full, &Options::default()) == plain);
    writer.restart = 4;
    assert!(decode(&writer.write(), Scale::Full, &Options::default()) == plain);
}

#[test]
fn a_code_that_does_not_exist_ends_its_interval() {
    let (_, writer) = &writers()[0];
    let jpeg = writer.write();
    let markers = markers(&jpeg);
    let (from, to) = (markers[4] + 2, markers[5]);
    for at in (from..to).filter(|at| jpeg[at - 1] != 0xFF) {
        // sixteen ones are never a code (T.81, C.2)
        let with = |bytes: &[u8]| [&jpeg[..at], bytes, &jpeg[to..]].concat();
        let ones = [&[0xFF, 0].repeat(8)[..], &jpeg[at..to]].concat();
        let [cut, bad] = [&[][..], &ones].map(|bytes| decode(&with(bytes), Scale::Full, &Options::default()));
        assert_eq!(differing_rows(&cut, &bad, 12), [], "at {} of {}", at - from, to - from);
    }
}

//! Writes seeds to a folder: small JPEGs of every kind of scan, some of them with restarts; and BMPs, icons and TIFFs.

#[allow(dead_code, missing_docs)]
#[path = "../../../jpeg/tests/common/bits.rs"]
mod bits;
#[allow(dead_code, missing_docs)]
#[path = "../../../jpeg/tests/common/random.rs"]
mod random;
#[allow(dead_code, missing_docs)]
#[path = "../../../jpeg/tests/common/writer.rs"]
mod writer;

use std::path::PathBuf;

use writer::{Pass, Writer};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).expect("the folder to write to"));
    std::fs::create_dir_all(&folder)?;
    for (name, file) in deckle_fuzz::pictures() {
        std::fs::write(folder.join(name), file)?;
    }
    let samplings: [&[(u8, u8)]; 6] = [
        &[(1, 1)],
        &[(1, 1), (1, 1), (1, 1)],
        &[(2, 2), (1, 1), (1, 1)],
        &[(1, 1), (2, 1), (1, 2)],
        &[(3, 1), (1, 1), (1, 1)],
        &[(1, 1), (1, 1), (1, 1), (1, 1)],
    ];
    let sizes = [(3, 5), (17, 9), (40, 24)];
    for (i, sampling) in samplings.iter().enumerate() {
        for (j, (width, height)) in sizes.into_iter().enumerate() {
            for script in 0..4 {
                let mut writer = Writer::new(width, height, sampling, (i * 12 + j * 4 + script) as u64);
                set(&mut writer, script);
                writer.restart = [0, 1, 3][(i + j + script) % 3];
                // the last bytes choose options
                let options = [script, j, i, j, script, i, j, 1].map(|choice| choice as u8);
                let file = [writer.write(), options.to_vec()].concat();
                std::fs::write(folder.join(format!("{i}-{width}x{height}-{script}.jpg")), file)?;
            }
        }
    }
    Ok(())
}

/// Sequential, its scans apart, progressive by bands, progressive by bits.
fn set(writer: &mut Writer, script: usize) {
    let all: Vec<usize> = (0..writer.components.len()).collect();
    let pass = |components: &[usize], band, high, low| Pass { components: components.to_vec(), band, high, low };
    let each = |band, high, low| all.iter().map(move |&c| pass(&[c], band, high, low));
    match script {
        0 => {}
        1 => writer.scans = all.iter().map(|&c| vec![c]).collect(),
        2 => {
            writer.script = vec![pass(&all, (0, 0), 0, 0)];
            writer.script.extend(each((1, 5), 0, 0).chain(each((6, 63), 0, 0)));
        }
        _ => {
            writer.script = vec![pass(&all, (0, 0), 0, 1)];
            writer.script.extend(each((1, 63), 0, 2).chain(each((1, 63), 2, 1)));
            writer.script.push(pass(&all, (0, 0), 1, 0));
            writer.script.extend(each((1, 63), 1, 0));
        }
    }
}

//! From luma in memory to symbols, on one thread.

use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use saoma::{Effort, Symbology, SymbologySet};
use saoma_benches::peers;
use saoma_benches::picture::Luma;
use saoma_benches::reading::{Reader, Saoma};
use testkit::distort::Effect;
use testkit::encode::{WRITTEN, write};
use testkit::golden::scenes;
use testkit::knees::sample;
use testkit::{Background, Placement, Rng, Scene};

/// Ours and the peers that are built in.
fn readers(symbologies: SymbologySet) -> Vec<Box<dyn Reader>> {
    let mut readers: Vec<Box<dyn Reader>> =
        vec![Box::new(Saoma::new(symbologies, Effort::Balanced, 1))];
    readers.extend(peers::NAMES.iter().filter_map(|name| peers::by_name(name, symbologies).ok()));
    readers
}

/// Times all readers on a picture; `codes` tells how many ours should find there.
fn compare(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, scene: &Scene, codes: usize) {
    let luma = Luma::from(scene.render().picture);
    // What all of us read, so that nobody looks for what others do not know.
    let symbologies = SymbologySet::ALL.iter().filter(|s| s.is_readable()).collect();
    for reader in readers(symbologies) {
        let found = reader.read(&luma).readings.len();
        if found != codes {
            eprintln!("{}: {found} of {codes} codes in {name}", reader.name());
        }
        group.bench_function(format!("{name}/{}", reader.name()), |bencher| {
            bencher.iter(|| reader.read(black_box(&luma)));
        });
    }
}

fn documentation(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("documentation");
    let scene = scenes().into_iter().find(|(name, _)| *name == "wechat-example");
    if let Some((name, scene)) = scene {
        compare(&mut group, name, &scene, 4);
    }
    group.finish();
}

/// Twelve megapixels, as a phone takes them.
fn large(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("12-megapixels");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    let photo = Scene::new(4000, 3000)
        .background(Background::Clutter { things: 300 })
        .effect(Effect::Blur { sigma: 0.7 })
        .effect(Effect::Noise { sigma: 3.0 });
    if let Ok(symbol) = write("qr", "https://s.example/small") {
        let placed = Placement::new(symbol, 4.0).at(2700.0, 1900.0).turned(17.0);
        compare(&mut group, "one-small-code", &photo.clone().place(placed), 1);
    }
    let noise = Scene::new(4000, 3000)
        .background(Background::Texture { mean: 120.0, contrast: 40.0, scale: 500.0 })
        .effect(Effect::Noise { sigma: 10.0 });
    compare(&mut group, "noise", &noise, 0);
    group.finish();
}

/// One clean code of each symbology that we read.
fn symbologies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("one-code");
    for name in WRITTEN {
        let readable = name.parse().is_ok_and(Symbology::is_readable);
        if let Some(modules) = sample(name, &mut Rng::new(1)).filter(|_| readable) {
            compare(&mut group, name, &Scene::of(modules, 4.0, 20.0), 1);
        }
    }
    group.finish();
}

criterion_group!(benches, documentation, large, symbologies);
criterion_main!(benches);

//! Packing: nothing is lost, nothing is added, nothing overlaps in a layer.

use super::*;

fn holds(layers: &[Vec<Region>], point: [u32; 2]) -> bool {
    let at = point.map(|p| (p, p)).to_vec();
    layers.iter().flatten().any(|region| contains(region, &at))
}

#[test]
fn contained_regions_go_and_overlapping_ones_part() {
    let regions = vec![
        vec![(10, 20), (0, 100)],
        vec![(15, 16), (50, 60)],
        vec![(15, 30), (50, 60)],
        vec![(31, 40), (50, 60)],
    ];
    let packed = layers(regions);
    assert_eq!(packed.len(), 2);
    assert_eq!(packed.iter().flatten().count(), 3);
}

#[test]
fn random_regions_keep_their_meaning() {
    let mut seed = 1u64;
    let mut dice = |limit: u32| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as u32 % limit
    };
    for _ in 0..300 {
        let regions: Vec<Region> = (0..dice(12))
            .map(|_| {
                let mut range = || {
                    let from = dice(12);
                    (from, from + dice(4))
                };
                vec![range(), range()]
            })
            .collect();
        let packed = layers(regions.clone());
        for layer in &packed {
            for (n, one) in layer.iter().enumerate() {
                assert!(!layer[n + 1..].iter().any(|other| meets(one, other)), "{packed:?}");
            }
        }
        for point in (0..16).flat_map(|x| (0..16).map(move |y| [x, y])) {
            let raw = std::slice::from_ref(&regions);
            assert_eq!(holds(&packed, point), holds(raw, point), "{point:?} of {regions:?}");
        }
    }
}

#[test]
fn joined_ranges_are_apart() {
    let joined = join(vec![
        vec![(6, 6), (80, 90)],
        vec![(6, 6), (85, 100)],
        vec![(17, 17), (85, 100)],
        vec![(6, 6), (1, 2)],
        vec![(6, 6), (86, 87)],
    ]);
    let expected = vec![vec![(6, 6), (1, 2)], vec![(6, 6), (80, 100)], vec![(17, 17), (85, 100)]];
    assert_eq!(joined, expected);
}

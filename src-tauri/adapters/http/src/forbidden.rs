//! Which addresses may not be called, by the IANA registries of special-purpose addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address may not be called; `None` if it is a public one.
pub(crate) fn reason(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => reason_v4(v4),
        IpAddr::V6(v6) => reason_v6(v6),
    }
}

/// Whether it is this machine's loopback, also by way of `::ffff:127.0.0.1`.
pub(crate) fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// First match wins, so metadata services stand before the ranges that hold them.
const V4: &[(Ipv4Addr, u32, &str)] = &[
    (v4(169, 254, 169, 254), 32, "a cloud's metadata service"),
    (v4(169, 254, 170, 2), 32, "a cloud's credential service"),
    (v4(169, 254, 170, 23), 32, "a cloud's credential service"),
    (v4(100, 100, 100, 200), 32, "a cloud's metadata service"),
    (v4(168, 63, 129, 16), 32, "a cloud's platform service"),
    (v4(0, 0, 0, 0), 8, "this network"),
    (v4(10, 0, 0, 0), 8, "a private network"),
    (v4(100, 64, 0, 0), 10, "a carrier's private network"),
    (v4(127, 0, 0, 0), 8, "this machine"),
    (v4(169, 254, 0, 0), 16, "link-local"),
    (v4(172, 16, 0, 0), 12, "a private network"),
    (v4(192, 0, 0, 0), 24, "reserved for protocols"),
    (v4(192, 0, 2, 0), 24, "reserved for documentation"),
    (v4(192, 31, 196, 0), 24, "reserved for protocols"),
    (v4(192, 52, 193, 0), 24, "reserved for protocols"),
    (v4(192, 88, 99, 0), 24, "a 6to4 relay"),
    (v4(192, 168, 0, 0), 16, "a private network"),
    (v4(192, 175, 48, 0), 24, "reserved for protocols"),
    (v4(198, 18, 0, 0), 15, "reserved for benchmarks"),
    (v4(198, 51, 100, 0), 24, "reserved for documentation"),
    (v4(203, 0, 113, 0), 24, "reserved for documentation"),
    (v4(224, 0, 0, 0), 4, "multicast"),
    (v4(240, 0, 0, 0), 4, "reserved"),
];

const fn v4(a: u8, b: u8, c: u8, d: u8) -> Ipv4Addr {
    Ipv4Addr::new(a, b, c, d)
}

fn reason_v4(address: Ipv4Addr) -> Option<&'static str> {
    let bits = address.to_bits();
    V4.iter()
        .find(|(network, length, _)| {
            let mask = u32::MAX << (32 - length);
            bits & mask == network.to_bits() & mask
        })
        .map(|(_, _, why)| *why)
}

/// Within the global unicast space `2000::/3`; all else is forbidden as a whole.
const V6: &[(Ipv6Addr, u32, &str)] = &[
    (v6(0x2001, 0, 0), 23, "reserved for protocols"),
    (v6(0x2001, 0xdb8, 0), 32, "reserved for documentation"),
    (v6(0x2002, 0, 0), 16, "a 6to4 tunnel"),
    (v6(0x2620, 0x4f, 0x8000), 48, "reserved for protocols"),
    (v6(0x3fff, 0, 0), 20, "reserved for documentation"),
];

const fn v6(a: u16, b: u16, c: u16) -> Ipv6Addr {
    Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0)
}

fn reason_v6(address: Ipv6Addr) -> Option<&'static str> {
    let [a, b, c, d, e, f, ..] = address.segments();
    // An IPv4 address in IPv6 clothes is what it wears them over.
    if let Some(mapped) = address.to_ipv4_mapped() {
        return reason_v4(mapped).or(Some("an IPv4 address in disguise"));
    }
    if address == Ipv6Addr::LOCALHOST {
        return Some("this machine");
    }
    if address.is_unspecified() {
        return Some("this network");
    }
    if [a, b, c, d, e, f] == [0x64, 0xff9b, 0, 0, 0, 0] || [a, b, c] == [0x64, 0xff9b, 1] {
        return Some("an IPv4 address behind a translator");
    }
    match a {
        0xfd00 if b == 0xec2 => return Some("a cloud's metadata service"),
        0xfc00..=0xfdff => return Some("a private network"),
        0xfe80..=0xfebf => return Some("link-local"),
        0xfec0..=0xfeff => return Some("a private network"),
        0xff00..=0xffff => return Some("multicast"),
        0x2000..=0x3fff => {}
        _ => return Some("reserved"),
    }
    let bits = address.to_bits();
    V6.iter()
        .find(|(network, length, _)| {
            let mask = u128::MAX << (128 - length);
            bits & mask == network.to_bits() & mask
        })
        .map(|(_, _, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_and_last_of_each_range() {
        for (address, expected) in [
            ("8.8.8.8", None),
            ("1.1.1.1", None),
            ("0.0.0.0", Some("this network")),
            ("0.255.255.255", Some("this network")),
            ("9.255.255.255", None),
            ("10.0.0.0", Some("a private network")),
            ("10.255.255.255", Some("a private network")),
            ("11.0.0.0", None),
            ("100.63.255.255", None),
            ("100.64.0.0", Some("a carrier's private network")),
            ("100.100.100.200", Some("a cloud's metadata service")),
            ("100.127.255.255", Some("a carrier's private network")),
            ("100.128.0.0", None),
            ("127.0.0.1", Some("this machine")),
            ("127.255.255.255", Some("this machine")),
            ("168.63.129.16", Some("a cloud's platform service")),
            ("169.254.0.1", Some("link-local")),
            ("169.254.169.254", Some("a cloud's metadata service")),
            ("169.254.170.2", Some("a cloud's credential service")),
            ("172.15.255.255", None),
            ("172.16.0.0", Some("a private network")),
            ("172.31.255.255", Some("a private network")),
            ("172.32.0.0", None),
            ("192.0.0.1", Some("reserved for protocols")),
            ("192.0.2.1", Some("reserved for documentation")),
            ("192.88.99.1", Some("a 6to4 relay")),
            ("192.167.255.255", None),
            ("192.168.0.0", Some("a private network")),
            ("198.17.255.255", None),
            ("198.18.0.0", Some("reserved for benchmarks")),
            ("198.19.255.255", Some("reserved for benchmarks")),
            ("198.20.0.0", None),
            ("223.255.255.255", None),
            ("224.0.0.1", Some("multicast")),
            ("240.0.0.1", Some("reserved")),
            ("255.255.255.255", Some("reserved")),
            ("2606:4700:4700::1111", None),
            ("2a00:1450:4001::1", None),
            ("::", Some("this network")),
            ("::1", Some("this machine")),
            ("::7f00:1", Some("reserved")),
            ("::ffff:127.0.0.1", Some("this machine")),
            ("::ffff:10.1.2.3", Some("a private network")),
            ("::ffff:8.8.8.8", Some("an IPv4 address in disguise")),
            ("::ffff:0:8.8.8.8", Some("reserved")),
            (
                "64:ff9b::a00:1",
                Some("an IPv4 address behind a translator"),
            ),
            ("64:ff9b:1::1", Some("an IPv4 address behind a translator")),
            ("100::1", Some("reserved")),
            ("2001::1", Some("reserved for protocols")),
            ("2001:1ff::1", Some("reserved for protocols")),
            ("2001:200::1", None),
            ("2001:db8::1", Some("reserved for documentation")),
            ("2002:7f00:1::", Some("a 6to4 tunnel")),
            ("3fff::1", Some("reserved for documentation")),
            ("4000::1", Some("reserved")),
            ("5f00::1", Some("reserved")),
            ("fbff::1", Some("reserved")),
            ("fc00::1", Some("a private network")),
            ("fd00:ec2::254", Some("a cloud's metadata service")),
            ("fdff::1", Some("a private network")),
            ("fe80::1", Some("link-local")),
            ("febf::1", Some("link-local")),
            ("fec0::1", Some("a private network")),
            ("ff02::1", Some("multicast")),
        ] {
            assert_eq!(reason(address.parse().unwrap()), expected, "{address}");
        }
    }

    #[test]
    fn loopback_in_any_clothes() {
        for (address, expected) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("0.0.0.0", false),
            ("::", false),
            ("10.0.0.1", false),
        ] {
            assert_eq!(is_loopback(address.parse().unwrap()), expected, "{address}");
        }
    }
}

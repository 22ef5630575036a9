//! Which addresses an `img_url` may lead to: none that only this machine or its neighbours can
//! reach (server-side request forgery), unless the operator allows it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// The rule, with its exceptions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rule {
    allowed: Vec<IpNet>,
}

impl Rule {
    pub(crate) fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.to_vec() }
    }

    /// Whether a picture may be fetched from there.
    pub(crate) fn permits(&self, address: IpAddr) -> bool {
        let address = unwrapped(address);
        let is_public = match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        };
        is_public || self.allowed.iter().any(|network| network.contains(&address))
    }
}

/// The IPv4 address that an IPv6 one stands for, if it does: mapped (RFC 4291, 2.5.5.2) and
/// translated (RFC 6052, well-known prefix).
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    let embedded = match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            Some((u32::from(high) << 16) | u32::from(low))
        }
        _ => None,
    };
    embedded.map_or(address, |bits| Ipv4Addr::from_bits(bits).into())
}

/// Not in IANA's registry of special-purpose IPv4 addresses (RFC 6890), no multicast, and no
/// address that a cloud has put to such a use.
fn is_public_v4(address: Ipv4Addr) -> bool {
    !matches!(
        address.octets(),
        [0, ..]                             // this network
            | [10, ..]                      // private
            | [100, 64..=127, ..]           // shared by carriers; metadata of some clouds
            | [127, ..]                     // loopback
            | [168, 63, 129, 16]            // Azure's platform, in every virtual network
            | [169, 254, ..]                // link-local; metadata of most clouds
            | [172, 16..=31, ..]            // private
            | [192, 0, 0, _]                // protocol assignments
            | [192, 0, 2, _]                // documentation
            | [192, 88, 99, _]              // 6to4 relays
            | [192, 168, ..]                // private
            | [198, 18..=19, ..]            // benchmarks
            | [198, 51, 100, _]             // documentation
            | [203, 0, 113, _]              // documentation
            | [224..=255, ..] // multicast, reserved, broadcast
    )
}

/// In the part of the IPv6 addresses that is routed (2000::/3), and not special within it.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0x2001, 0..=0x1ff, ..] => false, // protocol assignments, Teredo among them
        [0x2001, 0xdb8, ..] => false,     // documentation
        [0x2002, ..] => false,            // 6to4: leads to any IPv4 address
        [0x3fff, 0..=0xfff, ..] => false, // documentation
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn permits(rule: &Rule, address: &str) -> bool {
        rule.permits(address.parse().unwrap())
    }

    #[test]
    fn what_everybody_can_reach() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.0.1",
            "100.128.0.1",
            "126.0.0.1",
            "128.0.0.1",
            "168.63.129.15",
            "169.253.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.167.0.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2001:4860:4860::8888",
            "2400:da00::6666",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(permits(&Rule::default(), address), "{address}");
        }
    }

    #[test]
    fn what_only_neighbours_can_reach() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.255",
            "168.63.129.16",
            "::ffff:168.63.129.16",
            "169.254.169.254",
            "169.254.170.2",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.250",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "ff0e::1",
        ] {
            assert!(!permits(&Rule::default(), address), "{address}");
        }
    }

    #[test]
    fn exceptions_hold_for_what_they_name() {
        let rule = Rule::new(&["10.1.0.0/16".parse().unwrap(), "fd00::/64".parse().unwrap()]);
        for address in ["10.1.2.3", "::ffff:10.1.2.3", "fd00::7"] {
            assert!(permits(&rule, address), "{address}");
        }
        for address in ["10.2.0.1", "127.0.0.1", "fd00:1::7", "::1"] {
            assert!(!permits(&rule, address), "{address}");
        }
    }
}

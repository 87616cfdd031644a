//! Which addresses may be called: those of hosts that an operator has named, over https, or this machine's own.

use std::net::IpAddr;
use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::Url;
use reqwest::dns::Addrs;
use reqwest::dns::Name;
use reqwest::dns::Resolve;
use reqwest::dns::Resolving;

/// Why an address may not be called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    /// It cannot be read as an address.
    #[error("the address cannot be read: write it in full, like `https://data.example.org/extract.ndjson`")]
    Address,
    /// It is not https.
    #[error("the address is not https: only an address of this machine may go without")]
    NotHttps,
    /// It holds a name or a password.
    #[error("the address holds a user name or a password: take it out")]
    Credentials,
    /// Its host is not on the list.
    #[error(
        "the host of this address is not on the list of hosts that may be called: an operator adds it to `allowed_hosts`"
    )]
    Host,
}

/// Whether an address may be called, where these hosts may be: `data.example.org`, or with a port that is not the usual one.
pub fn may_call(address: &str, hosts: &[String]) -> Result<(), NotAllowed> {
    allowed(address, hosts).map(|_| ())
}

/// The address, if it may be called.
pub(super) fn allowed(address: &str, hosts: &[String]) -> Result<Url, NotAllowed> {
    let url = Url::parse(address).map_err(|_| NotAllowed::Address)?;
    let host = url.host_str().ok_or(NotAllowed::Address)?.to_owned();
    match url.scheme() {
        "https" => {}
        "http" if super::fetch::is_this_machine(&url) => {}
        _ => return Err(NotAllowed::NotHttps),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NotAllowed::Credentials);
    }
    let named = url.port().map_or_else(|| host.clone(), |port| format!("{host}:{port}"));
    if hosts.iter().any(|known| known.eq_ignore_ascii_case(&named)) { Ok(url) } else { Err(NotAllowed::Host) }
}

/// Resolves names, and gives no address of this machine or of its own link for any but `localhost`: a name that is on the list must not lead
/// to a service of this machine that nobody put there.
#[derive(Debug, Default)]
pub(super) struct Outside;

impl Resolve for Outside {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let own = host.eq_ignore_ascii_case("localhost");
            let kept: Vec<SocketAddr> = found.into_iter().filter(|at| own || is_outside(at.ip())).collect();
            if kept.is_empty() {
                return Err("the name leads to this machine only".into());
            }
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

pub(super) fn resolver() -> Arc<Outside> {
    Arc::new(Outside)
}

/// Whether an address is neither this machine's, nor of its link only, nor none.
fn is_outside(address: IpAddr) -> bool {
    let plain = match address {
        IpAddr::V6(six) => six.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    };
    let link_local = match plain {
        IpAddr::V4(four) => four.is_link_local() || four.is_broadcast(),
        IpAddr::V6(six) => six.is_unicast_link_local(),
    };
    !(plain.is_loopback() || plain.is_unspecified() || plain.is_multicast() || link_local)
}

#[cfg(test)]
mod tests {
    use super::NotAllowed;
    use super::is_outside;
    use super::may_call;

    #[test]
    fn only_named_hosts_may_be_called() {
        let hosts = ["data.example.org".to_owned(), "127.0.0.1:9000".to_owned()];
        assert_eq!(may_call("https://data.example.org/x", &hosts), Ok(()));
        assert_eq!(may_call("http://127.0.0.1:9000/x", &hosts), Ok(()));
        assert_eq!(may_call("http://127.0.0.1:9001/x", &hosts), Err(NotAllowed::Host));
        assert_eq!(may_call("https://data.example.org:8443/x", &hosts), Err(NotAllowed::Host));
        assert_eq!(may_call("http://data.example.org/x", &hosts), Err(NotAllowed::NotHttps));
        assert_eq!(may_call("https://me:word@data.example.org/x", &hosts), Err(NotAllowed::Credentials));
        assert_eq!(may_call("https://data.example.org.evil.example/x", &hosts), Err(NotAllowed::Host));
        assert_eq!(may_call("data.example.org", &hosts), Err(NotAllowed::Address));
    }

    #[test]
    fn addresses_of_this_machine_and_its_link_are_not_outside() {
        for inside in ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "0.0.0.0", "fe80::1"] {
            assert!(!is_outside(inside.parse().unwrap()), "{inside}");
        }
        assert!(is_outside("192.0.2.1".parse().unwrap()));
    }
}

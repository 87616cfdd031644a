//! Who may call what: the key of a request, held against the permission that its route declares.

use actix_web::HttpRequest;
use actix_web::http::header;

use crate::http::keys;
use crate::http::keys::Caller;
use crate::http::options::Role;
use crate::http::refusal::Kind;
use crate::http::refusal::Refusal;
use crate::http::routes::Permission;
use crate::http::served::Served;

/// Lets a request pass, with who calls if a key was needed, or refuses it.
pub fn admit(
    request: &HttpRequest,
    permission: Permission,
    served: &Served,
) -> Result<Option<Caller>, Refusal> {
    let roles: &[Role] = match permission {
        Permission::Open => return Ok(None),
        _ if permission.is_for_people() && served.options.open_pages => {
            return expect_own_machine(request).map(|()| None);
        }
        Permission::Validate => &[Role::Validate],
        Permission::Jobs | Permission::JobsPage => &[Role::Jobs],
        Permission::Waivers => &[Role::Waivers],
        Permission::TryRules | Permission::Page => &[Role::RulesAuthor],
        Permission::ReadRules | Permission::RulesPage => &Role::ALL,
    };
    let today = (served.options.today)();
    let caller = key_of(request).and_then(|key| keys::recognise(&key, &served.options.keys, today));
    let Some(caller) = caller else {
        // Browsers ask for a password where this is offered; a key stands in its place.
        let scheme = if permission.is_for_people() {
            "Basic realm=\"casecheck\""
        } else {
            "Bearer realm=\"casecheck\""
        };
        let detail = "send `Authorization: Bearer` with a key that is in force";
        return Err(Refusal::new(Kind::NoKey, detail).header(header::WWW_AUTHENTICATE, scheme));
    };
    if caller.roles.iter().any(|role| roles.contains(role)) {
        return Ok(Some(caller));
    }
    let needed: Vec<&str> = roles.iter().map(|role| role.word()).collect();
    Err(Refusal::new(Kind::Forbidden, format!("this needs a key with the role {}", needed.join(" or "))))
}

/// Refuses a request for open pages under a name that is not this machine's: another site may give its own name our address, and read what
/// its visitors' browsers then see.
fn expect_own_machine(request: &HttpRequest) -> Result<(), Refusal> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    if ["localhost", "127.0.0.1", "[::1]"].iter().any(|own| own.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::CrossSite,
        "without a key these pages are for this machine only: ask for them at 127.0.0.1",
    ))
}

/// Refuses what another site's page makes a browser send: browsers send a key along that they were once given, to a page's address or to one
/// of the interface. Where a browser says where the request comes from, that decides; otherwise the origin must be this host.
pub fn expect_own_site(request: &HttpRequest) -> Result<(), Refusal> {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let own = match (header("sec-fetch-site"), header("origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some_and(|host| header("host").is_some_and(|own| own.eq_ignore_ascii_case(host)))
        }
        // No browser sends a form so; programs do.
        (None, None) => true,
    };
    if own {
        return Ok(());
    }
    Err(Refusal::new(
        Kind::CrossSite,
        "this was sent from another site's page; nothing was done, send it from the page here",
    ))
}

/// The key that a request carries, as a bearer token or as the password that a browser sends.
fn key_of(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, rest) = value.split_once(' ')?;
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.trim().to_owned());
    }
    if scheme.eq_ignore_ascii_case("basic") {
        let pair = String::from_utf8(base64(rest.trim())?).ok()?;
        return pair.split_once(':').map(|(_, password)| password.to_owned());
    }
    None
}

/// Reads base64 (RFC 4648 section 4).
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

"""Fetching what a provider made from the link that it answers with.

The link is of the provider's choosing, so it could lead into our own network. It is followed to public addresses only,
resolved once and then gone to as resolved; and to the very host whose address the operator set. No key goes along, and
no redirect is followed. Where a proxy is set, the proxy resolves, from where it stands.
"""

import asyncio
import ipaddress
import socket
from contextlib import aclosing
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from overprint.adapters.hosted.calls import client_of, exchange
from overprint.adapters.hosted.endpoint import Endpoint
from overprint.ports.errors import Misconfigured, Refused, Unavailable

LINK_MAX_CHARACTERS = 4_000
_UNICAST = ipaddress.ip_network("2000::/3")  # all that is given out of the newer addresses (RFC 4291)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # where networks without older addresses reach these (RFC 6052)


@dataclass(frozen=True, slots=True)
class _Way:
    """Where to connect to, and as whom to ask there."""

    url: str
    host: str = ""  # empty: as the address says


async def fetched(endpoint: Endpoint, link: str, *, most_bytes: int) -> bytes:
    """What lies behind ``link``. Raises ``Unavailable`` for what cannot be had, or may not be asked for."""
    way = await _way_to(endpoint, link)
    there = replace(endpoint, base_url=link)
    pieces: list[bytes] = []
    async with client_of(there, {"Host": way.host} if way.host else {}) as client:
        asked = client.build_request("GET", way.url, extensions={"sni_hostname": way.host} if way.host else None)
        try:
            async with aclosing(exchange(there, client, asked, most_bytes)) as heard:
                async for piece in heard:
                    pieces.append(piece)
        except (Misconfigured, Refused) as failure:
            # About this link alone: it may be too old, and another one is had for the asking.
            message = f"{endpoint.provider} did not hand out what it made. It is asked for again."
            raise Unavailable(message, provider=endpoint.provider) from failure
    return b"".join(pieces)


async def _way_to(endpoint: Endpoint, link: str) -> _Way:
    parts = _parts_of(link)
    if parts is None:
        raise _not_followed(endpoint)
    if parts.netloc == urlsplit(endpoint.base_url).netloc:
        return _Way(link)
    if parts.scheme != "https" or parts.port not in (None, 443):
        raise _not_followed(endpoint)
    host = parts.hostname or ""
    if {"https", "all"} & getproxies().keys() and not proxy_bypass(host):
        return _Way(link)
    address = await _public_address(endpoint, host)
    at = f"[{address}]" if ":" in address else address
    return _Way(parts._replace(netloc=at).geturl(), host)


def _parts_of(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link)
        is_plain = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        return parts if is_plain and parts.port != 0 and len(link) <= LINK_MAX_CHARACTERS else None
    except ValueError:
        return None


async def _public_address(endpoint: Endpoint, host: str) -> str:
    """One of the host's addresses, if all of them are public."""
    addresses = [host] if _is_public(host) is not None else await _addresses_of(endpoint, host)
    if not addresses or not all(map(_is_public, addresses)):
        raise _not_followed(endpoint)
    return addresses[0]


async def _addresses_of(endpoint: Endpoint, host: str) -> list[str]:
    try:
        async with asyncio.timeout(endpoint.patience.connect_seconds):
            found = await asyncio.get_running_loop().getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        message = f"{endpoint.provider} names a place that cannot be found. It is asked for again."
        raise Unavailable(message, provider=endpoint.provider) from None
    return [str(place[0]) for *_, place in found]


def _is_public(address: str) -> bool | None:
    """None for what is no address. One that leads to an address of the older kind is as public as that."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        older = ipaddress.IPv4Address(found.packed[-4:]) if found in _TRANSLATED else found.sixtofour
        if older is None and found not in _UNICAST:
            return False
        found = older or found
    return found.is_global and not found.is_multicast


def _not_followed(endpoint: Endpoint) -> Unavailable:
    message = f"{endpoint.provider} answered with a link that leads nowhere in public, so it was not followed."
    return Unavailable(message, provider=endpoint.provider)

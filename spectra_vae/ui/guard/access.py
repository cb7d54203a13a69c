"""Who may reach this server, as the environment says it, read once when it starts."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from ...text.message import SpectraVaeError

HOSTS = "SPECTRA_VAE_HOSTS"
PROXY = "SPECTRA_VAE_PROXY"
ADMIN = "SPECTRA_VAE_ADMIN"
METRICS = "SPECTRA_VAE_METRICS"
TOKEN_LENGTH = 16  # characters of a token that nobody guesses
EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Access:
    """Names and persons of a server.

    Parameters
    ----------
    names
        What it is called, lower-case, beside ``localhost`` and the loopback's addresses.
    any_address
        It listens everywhere, so an address in digits is as good as a name: nobody can lead a
        browser here under one that isn't ours.
    proxies
        Whose ``X-Forwarded-…`` is believed.
    admin
        The token that may do everything; empty: nobody has it.
    metrics
        The token that may read the server's numbers from elsewhere; empty: nobody has it.
    """

    names: frozenset[str] = frozenset()
    any_address: bool = False
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    admin: str = ""
    metrics: str = ""

    @classmethod
    def of_environment(cls, given: Mapping[str, str] = os.environ) -> Access:
        """``HOST``, ``SPECTRA_VAE_HOSTS``, ``…_PROXY``, ``…_ADMIN`` and ``…_METRICS``.

        Raises
        ------
        SpectraVaeError
            A proxy is no address, or a token is too short.
        """
        host, admin, metrics = given.get("HOST", ""), _token(ADMIN, given), _token(METRICS, given)
        names = {name.rstrip(".").lower() for name in _words(given.get(HOSTS, ""))}
        if host and host not in EVERYWHERE and not is_loopback(host):
            names.add(host.lower())
        proxies = tuple(map(_network, _words(given.get(PROXY, ""))))
        return cls(frozenset(names), host in EVERYWHERE, proxies, admin, metrics)

    @property
    def shared(self) -> bool:
        """Whether others than the machine's own user reach it: then everybody has a name."""
        return bool(self.names) or self.any_address

    def answers_to(self, host: str) -> bool:
        """Whether a request's ``Host`` (``name`` or ``name:port``) is this server."""
        name = hostname(host)
        if name in self.names or is_loopback(name):
            return True
        return self.any_address and _address(name) is not None

    def trusts(self, address: str) -> bool:
        """Whether a proxy of ours speaks from that address."""
        found = _address(address)
        return found is not None and any(found in network for network in self.proxies)


def hostname(host: str) -> str:
    """``name:port`` without its port, lower-case; an IPv6 address without its brackets."""
    name, _, port = host.rpartition(":")
    bare = name if name and port.isascii() and port.isdigit() and not _is_bare_ipv6(host) else host
    return bare.strip("[]").rstrip(".").lower()


def is_loopback(name: str) -> bool:
    """``localhost``, 127.0.0.0/8 or ::1."""
    found = _address(name)
    return name == "localhost" or (found is not None and found.is_loopback)


def _is_bare_ipv6(host: str) -> bool:
    return host.count(":") > 1 and not host.startswith("[")


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise SpectraVaeError("serve.bad_proxy", name=PROXY, given=text[:60]) from None


def _token(name: str, given: Mapping[str, str]) -> str:
    token = given.get(name, "")
    if token and len(token) < TOKEN_LENGTH:
        raise SpectraVaeError("serve.short_token", name=name, length=TOKEN_LENGTH)
    return token


def _words(text: str) -> list[str]:
    return text.replace(",", " ").split()

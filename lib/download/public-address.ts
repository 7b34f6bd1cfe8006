import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * IPv4 that leads anywhere but to one public host: what is not globally reachable by
 * https://www.iana.org/assignments/iana-ipv4-special-registry, what used to relay into networks of somebody's, multicast,
 * reserved, and the address that every machine at Azure reaches its own platform under
 * (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
 */
const closedIpv4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "168.63.129.16/32",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** The only part of IPv6 in which public hosts are (https://www.iana.org/assignments/ipv6-address-space). */
const globalUnicast = "2000::/3";

/**
 * What is special inside of it (https://www.iana.org/assignments/iana-ipv6-special-registry), among it what carries an
 * IPv4 address to which a relay would bring the packet: Teredo in 2001::/23 and 6to4 in 2002::/16.
 */
const closedIpv6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"];

const closed = blockList(closedIpv4, "ipv4");
const special = blockList(closedIpv6, "ipv6");
const unicast = blockList([globalUnicast], "ipv6");

/**
 * True for the address of a host on the public internet. False for everything else: loopback, private and link-local
 * networks, the metadata services of clouds, mapped and embedded IPv4, and what is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !closed.check(address, "ipv4");
  // A zone (fe80::1%eth0) names a network of this machine.
  if (!isIPv6(address) || address.includes("%")) return false;
  return unicast.check(address, "ipv6") && !special.check(address, "ipv6");
}

function blockList(subnets: readonly string[], family: "ipv4" | "ipv6"): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", bits] = subnet.split("/");
    list.addSubnet(network, Number(bits), family);
  }
  return list;
}

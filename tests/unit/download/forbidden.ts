/** Addresses that lead inside, and the ways to write each of them. */
const inside = [
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "10.0.0.1",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.1.1",
  "169.254.169.254", // the metadata of most clouds
  "100.100.100.200", // Alibaba's
  "192.0.0.192", // Oracle's
  "168.63.129.16", // Azure's
];

function writtenAs(address: string): string[] {
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  const number = ((a * 256 + b) * 256 + c) * 256 + d;
  const hex = (value: number) => value.toString(16);
  const pair = (high: number, low: number) => hex(high * 256 + low);
  const tail = `${pair(a, b)}:${pair(c, d)}`;
  return [
    address,
    `${address}.`,
    String(number),
    `0x${hex(number)}`,
    `0${number.toString(8)}`,
    `0${a.toString(8)}.0${b.toString(8)}.0${c.toString(8)}.0${d.toString(8)}`,
    `000${a.toString(8)}.${b}.${c}.${d}`,
    `0x${hex(a)}.0x${hex(b)}.0x${hex(c)}.0x${hex(d)}`,
    `${a}.${b}.${c * 256 + d}`,
    `${a}.${(b * 256 + c) * 256 + d}`,
    `0x${hex(a)}.${b}.0${c.toString(8)}.${d}`,
    [...address].map((character) => `%${hex(character.charCodeAt(0))}`).join(""),
    address.replaceAll(".", "。"),
    address.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    `[::ffff:${address}]`,
    `[::ffff:${tail}]`,
    `[0:0:0:0:0:ffff:${tail}]`,
    `[::${address}]`,
    `[::ffff:0:${address}]`,
    `[64:ff9b::${address}]`,
    `[64:ff9b:1::${tail}]`,
    `[2002:${tail}::1]`,
    `[2001:0:4136:e378:8000:63bf:${pair(255 - a, 255 - b)}:${pair(255 - c, 255 - d)}]`,
  ];
}

const otherHosts = [
  "[::]",
  "[::1]",
  "[0000:0000:0000:0000:0000:0000:0000:0001]",
  "[fc00::1]",
  "[fd00:ec2::254]",
  "[fd20:ce::254]",
  "[fe80::1]",
  "[febf::1]",
  "[fec0::1]",
  "[ff02::1]",
  "[100::1]",
  "[2001:2::1]",
  "[2001:10::1]",
  "[2001:db8::1]",
  "[3fff::1]",
  "[5f00::1]",
  "[4000::1]",
  "0",
  "0.1",
  "192.0.2.1",
  "192.88.99.1",
  "198.18.0.1",
  "198.51.100.1",
  "203.0.113.1",
  "224.0.0.1",
  "239.255.255.250",
  "240.0.0.1",
  "255.255.255.255",
];

/** Hosts that are an address themselves, in one notation or another. */
export const forbiddenHosts = [...inside.flatMap(writtenAs), ...otherHosts];

/** Names, with what they lead to. One address inside is enough. */
export const forbiddenNames: [name: string, addresses: string[]][] = [
  ["localhost", ["127.0.0.1", "::1"]],
  ["localhost.", ["127.0.0.1"]],
  ["metadata.google.internal", ["169.254.169.254"]],
  ["router.local", ["192.168.1.1"]],
  ["inside.example.com", ["10.1.2.3"]],
  ["mapped.example.com", ["::ffff:10.1.2.3"]],
  ["both.example.com", ["93.184.215.14", "10.1.2.3"]],
  ["both-ways.example.com", ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", "fe80::1"]],
  ["zone.example.com", ["fe80::1%eth0"]],
  ["strange.example.com", ["not-an-address"]],
  ["nothing.example.com", []],
];

/** No address of a file on the web at all. */
export const forbiddenAddresses = [
  "",
  "files.example.com/products.csv",
  "//files.example.com/products.csv",
  "http://files.example.com/products.csv",
  "ftp://files.example.com/products.csv",
  "file:///etc/passwd",
  "file://files.example.com/share/products.csv",
  "data:text/csv,Handle",
  "javascript:alert(1)",
  "blob:https://files.example.com/1",
  "gopher://files.example.com/",
  "dict://files.example.com/",
  "ws://files.example.com/",
  "s3://bucket/products.csv",
  "https://",
  "https://:443/",
  "https://files.example.com:99999/",
  "https://user@files.example.com/",
  "https://user:secret@files.example.com/",
  "https://:secret@files.example.com/",
  "https://files.example.com@127.0.0.1/",
  "https://files.example.com%00@127.0.0.1/",
  "https://127.0.0.1#@files.example.com/",
  "https://127.0.0.1\\@files.example.com/",
  "https://127.0.0.1?@files.example.com/",
  "https://[::1",
  "https://[fe80::1%25eth0]/",
  "https://1.2.3.4.5/",
  "https://256.256.256.256/",
  "https://files .example.com/",
  `https://files.example.com/${"a".repeat(2_048)}`,
];

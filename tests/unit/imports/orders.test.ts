import { expect, test } from "vitest";
import { ordersKind } from "@/lib/imports/orders/orders-kind";
import { notesOf, readAs } from "./read-text";

const header = "Order number,Date,SKU,Product,Quantity,Price";
const dated = (...rows: string[]) =>
  [header, ...rows.map((row) => row.replace("@", "2010-12-01 08:26")), ""].join("\n");

test("rows of one number that follow each other are one order, in minor units", async () => {
  const [first, second, ...rest] = await readAs(
    ordersKind,
    dated("7,@,MUG,Blue mug,6,2.55", "7,@,CUP,Cup,1,0.1", "8,@,MUG,Blue mug,1,2.5"),
  );

  expect(rest).toEqual([]);
  expect(first?.lastRow).toBe(2);
  expect(first?.item).toEqual([
    {
      kind: "sale",
      number: "7",
      placedAt: new Date("2010-12-01T08:26:00Z"),
      email: null,
      customer: null,
      name: null,
      country: null,
      currency: "EUR",
      subtotalAmount: 1540,
      discountAmount: 0,
      discountCode: null,
      shippingAmount: 0,
      shippingName: null,
      taxAmount: 0,
      taxIncluded: true,
      totalAmount: 1540,
      lines: [
        line({ sku: "MUG", title: "Blue mug", quantity: 6, unitPriceAmount: 255, totalAmount: 1530 }),
        line({ sku: "CUP", title: "Cup", quantity: 1, unitPriceAmount: 10, totalAmount: 10 }),
      ],
    },
  ]);
  expect(second?.item).toMatchObject([{ number: "8", totalAmount: 250 }]);
});

function line(said: object) {
  return { kind: "product", discountAmount: 0, taxAmount: 0, ...said };
}

test("an order of nothing but what came back is a refund, and one of both is a sale and a refund", async () => {
  const found = await readAs(
    ordersKind,
    dated("C7,@,MUG,Blue mug,-2,2.55", "8,@,MUG,Blue mug,3,2.55", "8,@,CUP,Cup,-1,1.00"),
  );

  expect(found.map(({ item }) => item)).toMatchObject([
    [{ kind: "refund", number: "C7", totalAmount: 510, lines: [{ quantity: 2, totalAmount: 510 }] }],
    [
      { kind: "sale", number: "8", totalAmount: 765, lines: [{ sku: "MUG" }] },
      { kind: "refund", number: "8", totalAmount: 100, lines: [{ sku: "CUP", quantity: 1 }] },
    ],
  ]);
});

test("SKUs that are shipping or fees are no products, in sales and in refunds", async () => {
  const mapping = { columns: {}, values: { shippingCodes: "POST, dot", feeCodes: "BANK CHARGES" } };
  const rows = dated(
    "7,@,MUG,Blue mug,1,10.00",
    "7,@,POST,Postage,2,3.00",
    "7,@,Bank Charges,Charges,1,1.50",
    "C7,@,POST,Postage,-1,3.00",
  );

  const found = await readAs(ordersKind, rows, { mapping });

  expect(found.map(({ item }) => item)).toMatchObject([
    [
      {
        shippingAmount: 600,
        subtotalAmount: 1150,
        totalAmount: 1750,
        lines: [{ kind: "product" }, { kind: "fee", title: "Charges" }],
      },
    ],
    [{ kind: "refund", shippingAmount: 300, subtotalAmount: 0, totalAmount: 300, lines: [] }],
  ]);
});

test("a price of 0 is a correction of stock and refused alone", async () => {
  const found = await readAs(ordersKind, dated("7,@,MUG,Blue mug,1,10.00", "7,@,MUG,,5,0.0", "9,@,CUP,,-3,0"));

  expect(notesOf(found)).toEqual([
    {
      rowNumber: 2,
      severity: "refused",
      field: "Price",
      reason: "The price is 0: a correction of stock, and no sale.",
    },
    {
      rowNumber: 3,
      severity: "refused",
      field: "Price",
      reason: "The price is 0: a correction of stock, and no sale.",
    },
  ]);
  expect(found.map(({ item }) => item?.[0]?.totalAmount)).toEqual([1000, undefined]);
});

test.each([
  [
    "a row without a number of pieces",
    "7,@,MUG,Mug,some,1.00",
    "Quantity",
    'Row 2: "some" is no whole number of pieces.',
  ],
  ["half a piece", "7,@,MUG,Mug,1.5,1.00", "Quantity", 'Row 2: "1.5" is no whole number of pieces.'],
  ["no piece", "7,@,MUG,Mug,0,1.00", "Quantity", "Row 2: there are 0 pieces."],
  [
    "a price with a comma",
    '7,@,MUG,Mug,1,"1,00"',
    "Price",
    'Row 2: The price "1,00" is not a number such as 1234.50 (a point before the decimals, nothing else).',
  ],
  ["a line of nothing", "7,@,,,1,1.00", "Product", "Row 2: it is not said what was sold."],
])("%s refuses its order as a whole, and no other", async (_name, row, field, reason) => {
  const found = await readAs(ordersKind, dated("7,@,CUP,Cup,1,2.00", row, "8,@,CUP,Cup,1,2.00"));

  expect(notesOf(found)).toEqual([
    { rowNumber: 1, severity: "refused", field, reason },
    { rowNumber: 2, severity: "refused", field, reason },
  ]);
  expect(found.map(({ item }) => item?.[0]?.number)).toEqual([undefined, "8"]);
});

const beside = (row: number) => `Row ${row} beside it cannot be read, and may belong to this order.`;

test.each([
  [
    "between two rows of an order",
    ["7,@,CUP,Cup,1,2.00", "7,@,CUP,Cup, large,1,90.00", "7,@,MUG,Mug,1,3.00"],
    2,
    [1, 3],
  ],
  ["between two orders", ["7,@,CUP,Cup,1,2.00", ",@,CUP,Cup,1,2.00", "8,@,MUG,Mug,1,3.00"], 2, [1, 3]],
  ["before the first order", ["7,@,CUP", "7,@,CUP,Cup,1,2.00"], 1, [2]],
  ["behind the last order", ["7,@,CUP,Cup,1,2.00", "7,@,CUP"], 2, [1]],
])(
  "a row that cannot be read %s refuses the orders that it may belong to, and no other",
  async (_name, rows, broken, refused) => {
    const found = await readAs(
      ordersKind,
      dated("1,@,CUP,Cup,1,2.00", "2,@,CUP,Cup,1,2.00", ...rows, "9,@,CUP,Cup,1,2.00", "9,@,CUP,Cup,1,2.00"),
    );

    const numbers = found.flatMap(({ item = [] }) => item).map(({ number }) => number);
    expect(numbers).toContain("1");
    const notes = notesOf(found).filter(({ reason }) => reason === beside(broken + 2));
    const atBorder = broken === 1 ? [2] : broken === rows.length ? [rows.length + 3, rows.length + 4] : [];
    expect(notes.map(({ rowNumber }) => rowNumber)).toEqual(
      [...refused.map((row) => row + 2), ...atBorder].sort((a, b) => a - b),
    );
  },
);

test("an order of which other rows were refused is refused too, wherever its rows stand and an import goes on", async () => {
  const rows = dated("7,@,CUP,Cup,some,2.00", "8,@,CUP,Cup,1,2.00", "7,@,MUG,Mug,1,3.00");

  for (const after of [0, 2]) {
    const found = await readAs(ordersKind, rows, { after });
    expect(notesOf(found).at(-1)).toMatchObject({
      rowNumber: 3,
      reason: "Other rows of order 7 were refused, so that it would not be whole.",
    });
  }
});

test.each([
  ["2010-12-01", "2010-12-01T12:00:00.000Z"],
  ["2010-12-01 08:26", "2010-12-01T08:26:00.000Z"],
  ["2010-12-01T08:26:05", "2010-12-01T08:26:05.000Z"],
  ["2010-12-01 08:26:05 -0500", "2010-12-01T13:26:05.000Z"],
  ["2010-12-01T08:26:05.123Z", "2010-12-01T08:26:05.000Z"],
])("the date %s is %s", async (date, at) => {
  const [found] = await readAs(ordersKind, `${header}\n7,${date},CUP,Cup,1,2.00\n`);

  expect(found?.item?.[0]?.placedAt.toISOString()).toBe(at);
});

test.each([
  ["31/12/2010", 'Order "7": In "31/12/2010" it must be said which number is the day. Say it beside the columns.'],
  ["2010-02-30", 'Order "7": "2010-02-30" is not a day and time that there was.'],
  ["yesterday", 'Order "7": "yesterday" is no date such as 2010-12-31 or 2010-12-31 09:30.'],
  ["", 'Order "7": The date is missing.'],
])("the date %j is refused", async (date, reason) => {
  const found = await readAs(ordersKind, `${header}\n7,${date},CUP,Cup,1,2.00\n`);

  expect(notesOf(found)).toEqual([{ rowNumber: 1, severity: "refused", field: "Date", reason }]);
});

test("which number is the day can be said for the file, and what it says is refused where nobody understands it", async () => {
  const file = `${header}\n7,12/1/2010,CUP,Cup,1,2.00\n`;
  const said = (dateOrder: string) => ({ mapping: { columns: {}, values: { dateOrder } } });

  const [dayFirst] = await readAs(ordersKind, file, said("day first"));
  const [monthFirst] = await readAs(ordersKind, file, said("Month first"));

  expect(dayFirst?.item?.[0]?.placedAt.toISOString()).toBe("2010-01-12T12:00:00.000Z");
  expect(monthFirst?.item?.[0]?.placedAt.toISOString()).toBe("2010-12-01T12:00:00.000Z");
  await expect(readAs(ordersKind, file, said("backwards"))).rejects.toThrow('not "backwards"');
});

test("a time is the store's own, the first of two where clocks show it twice", async () => {
  const at = async (date: string) => {
    const [found] = await readAs(ordersKind, `${header}\n7,${date},CUP,Cup,1,2.00\n`, { timeZone: "Europe/Berlin" });
    return found?.item?.[0]?.placedAt.toISOString();
  };

  expect(await at("2026-07-01 00:30")).toBe("2026-06-30T22:30:00.000Z");
  expect(await at("2026-10-25 02:30")).toBe("2026-10-25T00:30:00.000Z");
  expect(await at("2026-10-25 03:30")).toBe("2026-10-25T02:30:00.000Z");
  // Skipped by the clocks: as if they had not been changed.
  expect(await at("2026-03-29 02:30")).toBe("2026-03-29T01:30:00.000Z");
});

test("a date that the file does not have can be the same for all, and columns of other names can be pointed at", async () => {
  const file = "Ref;What;No;Each;Land\n7;Cup;2;1.50;EIRE\n";
  const mapping = {
    columns: { number: "Ref", title: "What", quantity: "No", unitPrice: "Each", country: "Land" },
    values: { placedAt: "2011-02-03" },
  };

  const [found] = await readAs(ordersKind, file, { mapping });

  expect(found?.item).toMatchObject([
    { number: "7", placedAt: new Date("2011-02-03T12:00:00Z"), country: "IE", totalAmount: 300 },
  ]);
  await expect(readAs(ordersKind, file)).rejects.toThrow('The columns "Order number" and "Created at"');
});

const shopify =
  "Name,Email,Financial Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Lineitem discount,Shipping Country,Refunded Amount";

test("Shopify's order export is read, with what stands in the first row of an order only", async () => {
  const file = [
    shopify,
    "#1001,ADA@example.com,paid,USD,27.00,5.00,2.70,34.70,SPRING,3.00,2019-01-01 10:00:00 -0500,2,Mug,10.00,MUG,0.00,US,0.00",
    "#1001,ada@example.com,,,,,,,,,2019-01-01 10:00:00 -0500,1,Cup,10.00,,0.00,,",
    "",
  ].join("\n");

  const [found] = await readAs(ordersKind, file);

  expect(found?.item).toMatchObject([
    {
      number: "#1001",
      email: "ada@example.com",
      country: "US",
      currency: "USD",
      placedAt: new Date("2019-01-01T15:00:00Z"),
      subtotalAmount: 3000,
      discountAmount: 300,
      discountCode: "SPRING",
      shippingAmount: 500,
      taxAmount: 270,
      taxIncluded: false,
      totalAmount: 3470,
      lines: [
        { sku: "MUG", discountAmount: 200, taxAmount: 180, totalAmount: 1980 },
        { sku: null, discountAmount: 100, taxAmount: 90, totalAmount: 990 },
      ],
    },
  ]);
});

const one = (cells: Partial<Record<string, string>>) => {
  const said: Record<string, string> = {
    Name: "#1",
    "Created at": "2019-01-01",
    "Lineitem quantity": "2",
    "Lineitem name": "Mug",
    "Lineitem price": "10.00",
    ...cells,
  };
  return `${shopify}\n${shopify
    .split(",")
    .map((name) => said[name] ?? "")
    .join(",")}\n`;
};

test.each([
  ["tax in the prices", { Taxes: "3.19", Total: "20.00" }, { taxIncluded: true, taxAmount: 319, totalAmount: 2000 }],
  ["tax on top", { Taxes: "3.19", Total: "23.19" }, { taxIncluded: false, taxAmount: 319, totalAmount: 2319 }],
  ["no total", { Taxes: "3.19" }, { taxIncluded: true, totalAmount: 2000 }],
  [
    "a credit note with a minus before its amounts",
    { "Lineitem quantity": "-2", Taxes: "-3.19", Total: "-23.19" },
    { kind: "refund", taxIncluded: false, totalAmount: 2319 },
  ],
  [
    "a discount of a line beside that of the order",
    { "Discount Amount": "1.00", "Lineitem discount": "2.00", Total: "17.00" },
    { discountAmount: 300, totalAmount: 1700 },
  ],
  [
    "a discount of a line that is counted in that of the order",
    { "Discount Amount": "2.00", "Lineitem discount": "2.00", Total: "18.00" },
    { discountAmount: 200, totalAmount: 1800 },
  ],
])("the total tells %s", async (_name, cells, expected) => {
  const [found] = await readAs(ordersKind, one(cells));

  expect(found?.item).toMatchObject([expected]);
});

test.each([
  ["was never paid", { "Financial Status": "pending" }, 'Order "#1": it was never paid ("pending").'],
  [
    "does not add up",
    { Taxes: "3.19", Total: "21.00" },
    'Order "#1": its parts come to €20.00, with tax to €23.19, and its total says €21.00.',
  ],
  ["has more tax than it costs", { Taxes: "20.01" }, 'Order "#1": the tax is larger than the total.'],
  [
    "is beyond what numbers hold",
    { "Lineitem quantity": "1000000", "Lineitem price": "21474836.47", Total: "1" },
    "its amount is larger",
  ],
  ["gave more back than it took", { "Refunded Amount": "20.01" }, 'Order "#1": more was refunded than it cost.'],
  ["has a mail address that is none", { Email: "ada" }, 'Order "#1": "ada" is no e-mail address.'],
  ["has a currency nobody knows", { Currency: "XXX" }, 'Order "#1": "XXX" is no currency that the store knows.'],
  [
    "takes more off than it costs",
    { "Discount Amount": "20.01" },
    'Order "#1": the discount is larger than what was bought.',
  ],
  [
    "is larger than the database keeps",
    { "Lineitem quantity": "999999", "Lineitem price": "999999" },
    "its amount is larger",
  ],
])("an order that %s is refused", async (_name, cells, reason) => {
  const [found] = await readAs(ordersKind, one(cells));

  expect(found?.item).toBeUndefined();
  expect(found?.notes).toMatchObject([{ severity: "refused", reason: expect.stringContaining(reason) }]);
});

test("an order that was refunded in full is given back line by line, and one in part as an amount", async () => {
  const [full] = await readAs(ordersKind, one({ Shipping: "5.00", "Refunded Amount": "25.00" }));
  const [part] = await readAs(ordersKind, one({ Shipping: "5.00", "Refunded Amount": "7.50" }));

  expect(full?.item?.[1]).toMatchObject({
    kind: "refund",
    shippingAmount: 500,
    totalAmount: 2500,
    lines: [{ title: "Mug" }],
  });
  expect(part?.item?.[1]).toMatchObject({
    kind: "refund",
    shippingAmount: 0,
    totalAmount: 750,
    lines: [{ kind: "fee", title: "Refunded in part", totalAmount: 750 }],
  });
});

test("a country that is none is left out and said, and one is known by its code and its name", async () => {
  const country = async (text: string) => (await readAs(ordersKind, one({ "Shipping Country": text })))[0];

  expect((await country("Channel Islands"))?.notes).toMatchObject([
    {
      severity: "adjusted",
      field: "Shipping Country",
      reason: '"Channel Islands" is no country of ISO 3166, so none was kept.',
    },
  ]);
  for (const [text, code] of [
    ["de", "DE"],
    ["United Kingdom", "GB"],
    ["Germany", "DE"],
    ["Czech Republic", "CZ"],
    ["Bahrain", "BH"],
  ] as const)
    expect((await country(text))?.item?.[0]?.country).toBe(code);
});

test("of an order of more than ten thousand lines nothing is taken, wherever an import goes on, and what follows is", async () => {
  const rows = Array.from({ length: 10_500 }, (_, n) => (n === 10_200 ? ",@,CUP,Cup,1,2.00" : "7,@,CUP,Cup,1,2.00"));

  for (const after of [0, 10_001]) {
    const found = await readAs(ordersKind, dated(...rows, "8,@,CUP,Cup,1,2.00", "9,@,CUP,Cup,1,2.00"), { after });
    expect(found.flatMap(({ item = [] }) => item).map(({ number }) => number)).toEqual(["8", "9"]);
    expect(notesOf(found)).toHaveLength(10_500 - after);
  }
});

test("what is sold and what comes back in one order come to its total together", async () => {
  const file = (total: string) =>
    `${header},Tax,Total\n7,2010-12-01,CUP,Cup,2,10.00,2.00,${total}\n7,2010-12-01,CUP,Cup,-1,10.00,,\n`;
  const documents = async (total: string) => (await readAs(ordersKind, file(total)))[0]?.item;

  expect(await documents("10.00")).toMatchObject([{ taxIncluded: true, totalAmount: 2000 }, { totalAmount: 1000 }]);
  expect(await documents("12.00")).toMatchObject([{ taxIncluded: false, totalAmount: 2200 }, { totalAmount: 1000 }]);
  expect(await documents("11.00")).toBeUndefined();
});

test("reading on behind a stored row finds the orders behind it", async () => {
  const file = dated("7,@,CUP,Cup,1,2.00", "7,@,MUG,Mug,1,3.00", "8,@,CUP,Cup,1,2.00");

  const found = await readAs(ordersKind, file, { after: 2 });

  expect(found.map(({ item, lastRow }) => [item?.[0]?.number, lastRow])).toEqual([["8", 3]]);
});

test.each(["Discount Amount", "Shipping", "Taxes", "Total", "Currency"])(
  "an order whose rows say different things of its %s is refused",
  async (field) => {
    const [first = "", second = ""] = field === "Currency" ? ["USD", "EUR"] : ["1.00", "2.00"];
    const two = one({ [field]: first }) + (one({ [field]: second }).split("\n")[1] ?? "");

    expect(notesOf(await readAs(ordersKind, two))).toMatchObject([
      { rowNumber: 1, field, reason: 'Order "#1": its rows say different things.' },
      { rowNumber: 2, field },
    ]);
  },
);

test("JSON lines are read as rows, each by its own names", async () => {
  const row = { "Order number": 7, Date: "2010-12-01", Product: "Cup", Quantity: 2, Price: 1.5 };
  const lines = [
    row,
    { ...row, "Order number": 8, "Discount Amount": 0.5 },
    { ...row, "Order number": 9, price: 2 },
    { ...row, "Order number": 10, Quantity: [1] },
    { ...row, "Order number": 11 },
    { Product: "Cup" },
    { ...row, "Order number": 12 },
    { ...row, "Order number": 13 },
  ];
  const content = lines.map((line) => JSON.stringify(line)).join("\n");

  for (const after of [0, 5]) {
    const found = await readAs(ordersKind, content, { fileName: "orders.jsonl", after });
    const totals = found.flatMap(({ item = [] }) => item).map(({ number, totalAmount }) => [number, totalAmount]);
    expect(totals).toEqual(
      after === 0
        ? [
            ["7", 300],
            ["13", 300],
          ]
        : [["13", 300]],
    );
  }
  const notes = notesOf(await readAs(ordersKind, content, { fileName: "orders.jsonl" }));
  expect(notes.filter(({ rowNumber }) => [3, 4, 6].includes(rowNumber))).toMatchObject([
    { rowNumber: 3, reason: expect.stringContaining('The column "Price" is there twice') },
    { rowNumber: 4, field: "Quantity", reason: "There is a list or an object where a text or a number belongs." },
    { rowNumber: 6, reason: "The order number is missing." },
  ]);
});

const header =
  "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams," +
  "Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Image Src,Status\n";

const pieceLength = 256 * 1024;

/** A Shopify export of so many products, a row of about 290 bytes each: the same whenever it is made. */
export async function* productsFile(rows: number): AsyncGenerator<Buffer> {
  let piece = header;
  for (let n = 0; n < rows; n++) {
    piece += line(n);
    if (piece.length < pieceLength) continue;
    yield Buffer.from(piece);
    piece = "";
  }
  yield Buffer.from(piece);
}

function line(n: number): string {
  const price = `${19 + (n % 40)}.${String(n % 100).padStart(2, "0")}`;
  const text = `"<p>Shirt ""${n}"" of heavy cotton, made for work,\nwith pockets where they are needed.</p>"`;
  const product = `work-shirt-${n},"Work shirt, ${n}",${text},Shopfloor,Shirts,"work, shirt",true`;
  const variant = `Title,Default Title,SHIRT-${n},240,shopify,${n % 50},${price}`;
  return `${product},${variant},https://images.example/shirts/${n}.jpg,active\n`;
}

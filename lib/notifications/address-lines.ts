import type { ShippingAddress } from "@/lib/orders/schema";

const countries = new Intl.DisplayNames(["en"], { type: "region" });

/** An address as it stands on a parcel, line by line, the country by its name. */
export function addressLines(address: ShippingAddress): string[] {
  const { name, line1, line2, postalCode, city, country } = address;
  return [name, line1, line2 ?? "", `${postalCode} ${city}`, countries.of(country) ?? country].filter(Boolean);
}

import type { ShippingAddress } from "@/lib/orders/schema";

const countryNames = new Intl.DisplayNames("en", { type: "region", fallback: "code" });

/** Where a parcel goes, as on its label. */
export function PostalAddress({ address }: { address: ShippingAddress }) {
  return (
    <address className="text-sm leading-relaxed not-italic">
      {address.name}
      <br />
      {address.line1}
      <br />
      {address.line2 && (
        <>
          {address.line2}
          <br />
        </>
      )}
      {address.postalCode} {address.city}
      <br />
      {countryNames.of(address.country)}
    </address>
  );
}

"use client";

import { useActionState } from "react";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import type { StaffOrderView } from "@/lib/orders/get-order-for-staff";
import { approveReviewAction, correctAddressAction, refuseReviewAction } from "../../actions";

type Review = NonNullable<StaffOrderView["review"]>;

const headings: Record<Review["kind"], string> = {
  order: "Somebody has to look at this order before it is packed.",
  parcel: "The carrier does not take this parcel.",
};

/** What staff have to decide before the order is packed. Forms without JavaScript, too. */
export function ReviewPanel({
  orderId,
  review,
  address,
}: {
  orderId: string;
  review: Review;
  address: StaffOrderView["shipTo"];
}) {
  const [approved, approve, approving] = useActionState(approveReviewAction, null);
  const [corrected, correct, correcting] = useActionState(correctAddressAction, null);
  const [refused, refuse, refusing] = useActionState(refuseReviewAction, null);
  const failure = [approved, corrected, refused].find((result) => result?.ok === false);
  const { isRefused } = review;
  const fields = corrected?.ok === false ? corrected : undefined;
  const field = (name: Exclude<keyof typeof address, "country">) => ({
    name,
    defaultValue: fields?.values[name] ?? address[name],
    error: fields?.fieldErrors[name],
  });
  const ids = (
    <>
      <input type="hidden" name="orderId" value={orderId} />
      <input type="hidden" name="reviewId" value={review.id} />
    </>
  );

  return (
    <section aria-label="Review" className="mb-6">
      <Notice tone={isRefused ? "stopped" : "waiting"}>
        <p className="font-semibold">{isRefused ? "This order is not to be packed." : headings[review.kind]}</p>
        <p>{review.reason}</p>
        {isRefused && (
          <p>
            {review.note} It stays confirmed and paid until it is packed after all, or cancelled with its payment given
            back.
          </p>
        )}
        {failure?.ok === false && (
          <p role="alert" className="mt-2 text-alarm">
            {failure.message}
          </p>
        )}
        <div className="mt-3 flex flex-wrap items-start gap-2">
          <form action={approve}>
            {ids}
            <button type="submit" disabled={approving} className="button button-primary button-small">
              {isRefused ? "Pack it after all" : review.kind === "parcel" ? "Try again" : "Approve"}
            </button>
          </form>
          <details className="border border-line-strong" open={Boolean(fields)}>
            <summary className="cursor-pointer px-3 py-1.5 font-semibold">Correct the address…</summary>
            <form action={correct} noValidate className="w-80 max-w-full space-y-2 border-t border-line p-3">
              {ids}
              <Field label="Name" required {...field("name")} />
              <Field label="Street and number" required {...field("line1")} />
              <Field label="Apartment, floor (optional)" {...field("line2")} />
              <Field label="Postal code" required {...field("postalCode")} />
              <Field label="City" required hint="The country stays as it is." {...field("city")} />
              <button type="submit" disabled={correcting} className="button button-small">
                Save and go on
              </button>
            </form>
          </details>
          {!isRefused && (
            <details className="border border-line-strong">
              <summary className="cursor-pointer px-3 py-1.5 font-semibold">Refuse…</summary>
              <form action={refuse} className="w-72 space-y-2 border-t border-line p-3">
                {ids}
                <label className="block">
                  Why it is not packed (for staff)
                  <textarea name="reason" rows={2} maxLength={500} required className="field mt-1 text-sm" />
                </label>
                <button type="submit" disabled={refusing} className="button button-small">
                  Do not pack this order
                </button>
              </form>
            </details>
          )}
        </div>
      </Notice>
    </section>
  );
}

import type { Metadata } from "next";
import { requireStaffActor } from "@/app/_server/session";
import { Empty } from "@/components/empty";
import { PageHeading } from "@/components/page-heading";
import { listImports } from "@/lib/imports/find-imports";
import { isUnderWay } from "@/lib/imports/import-status";
import { getStoreSettings } from "@/lib/store-settings";
import { AddressForm } from "./_components/address-form";
import { ImportForm } from "./_components/import-form";
import { ImportList } from "./_components/import-list";
import { KeepFresh } from "./_components/keep-fresh";

export const metadata: Metadata = { title: "Imports" };

export default async function ImportsPage() {
  const actor = await requireStaffActor();
  const [imports, { currency, timeZone }] = await Promise.all([listImports({ actor }), getStoreSettings()]);

  return (
    <>
      <PageHeading title="Imports" />
      <section aria-label="New import" className="space-y-4">
        <ImportForm storeCurrency={currency} />
        <AddressForm storeCurrency={currency} />
      </section>
      <section aria-labelledby="earlier" className="mt-8">
        <h2 id="earlier" className="mb-3 text-lg font-semibold">
          Earlier imports
        </h2>
        {imports.length === 0 ? (
          <Empty title="Nothing has been imported yet.">
            Choose a file above, or give its address, to fill the store.
          </Empty>
        ) : (
          <ImportList imports={imports} timeZone={timeZone} />
        )}
        <KeepFresh active={imports.some((one) => isUnderWay(one.status))} />
      </section>
    </>
  );
}

import type { Metadata } from "next";
import { Fragment } from "react";
import { requireStaffActor } from "@/app/_server/session";
import { Empty } from "@/components/empty";
import { PageHeading } from "@/components/page-heading";
import { listImports } from "@/lib/imports/find-imports";
import { isUnderWay } from "@/lib/imports/import-status";
import { ImportType } from "@/lib/imports/import-type";
import { importKinds } from "@/lib/imports/kinds/kinds";
import { getStoreSettings } from "@/lib/store-settings";
import { AddressForm } from "./_components/address-form";
import { ImportForm } from "./_components/import-form";
import { ImportList } from "./_components/import-list";
import { KeepFresh } from "./_components/keep-fresh";
import type { KindOption } from "./_components/kind-field";

export const metadata: Metadata = { title: "Imports" };

const kinds: KindOption[] = ImportType.options.map((type) => ({ type, title: importKinds[type].title }));

export default async function ImportsPage() {
  const actor = await requireStaffActor();
  const [imports, { currency, timeZone }] = await Promise.all([listImports({ actor }), getStoreSettings()]);

  return (
    <>
      <PageHeading title="Imports" />
      <section aria-label="New import" className="space-y-4">
        <ImportForm storeCurrency={currency} kinds={kinds} />
        <AddressForm storeCurrency={currency} kinds={kinds} />
      </section>
      <section aria-label="What can be imported" className="mt-4">
        <dl className="grid max-w-prose grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
          {ImportType.options.map((type) => (
            <Fragment key={type}>
              <dt className="font-medium">{importKinds[type].title}</dt>
              <dd className="text-soft">{importKinds[type].about}</dd>
            </Fragment>
          ))}
        </dl>
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

import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { currentActor } from "@/app/_server/session";
import { Wordmark } from "@/components/wordmark";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { RegisterForm } from "./_components/register-form";

export const metadata: Metadata = { title: "Make an account", robots: { index: false } };

export default async function RegisterPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await currentActor();
  const toCheckout = firstOf((await searchParams).next) === "checkout";
  if (actor.kind === "staff") redirect(routes.admin());
  if (actor.kind === "customer") redirect(toCheckout ? routes.checkout() : routes.account());
  const { name } = await getStoreSettings();
  return (
    <main id="content" className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-4 py-16">
      <Link href={routes.home()} className="mb-8 self-start">
        <Wordmark name={name} />
      </Link>
      <h1 className="mb-1 text-2xl font-bold tracking-tight">Make an account</h1>
      <p className="mb-6 text-sm text-soft">
        It keeps a card, if you want that, and your orders.{" "}
        <Link href={toCheckout ? routes.signInToCheckout() : routes.signIn()} className="link">
          I have an account
        </Link>
      </p>
      <RegisterForm next={toCheckout ? "checkout" : undefined} />
    </main>
  );
}

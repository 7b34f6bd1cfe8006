import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { currentActor } from "@/app/_server/session";
import { Wordmark } from "@/components/wordmark";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { SignInForm } from "./_components/sign-in-form";

export const metadata: Metadata = { title: "Sign in", robots: { index: false } };

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
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
      <h1 className="mb-1 text-2xl font-bold tracking-tight">Sign in</h1>
      <p className="mb-6 text-sm text-soft">
        Nobody needs an account to buy. With one, you can keep a card and find your orders again.{" "}
        <Link href={toCheckout ? routes.registerToCheckout() : routes.register()} className="link">
          Make an account
        </Link>
      </p>
      <SignInForm next={toCheckout ? "checkout" : undefined} />
      <p className="mt-4 text-sm">
        <Link href={routes.forgotPassword()} className="link">
          Forgot your password?
        </Link>
      </p>
    </main>
  );
}

import type { Metadata } from "next";
import Link from "next/link";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { Wordmark } from "@/components/wordmark";
import { findOpenReset } from "@/lib/accounts/find-open-reset";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { ResetPasswordForm } from "./_components/reset-password-form";

export const metadata: Metadata = { title: "Set your password", robots: { index: false } };

export default async function ResetPasswordPage({ searchParams }: { searchParams: SearchParams }) {
  const token = firstOf((await searchParams).token);
  const [reset, { name }] = await Promise.all([findOpenReset({ token, now: new Date() }), getStoreSettings()]);
  return (
    <main id="content" className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-4 py-16">
      <Link href={routes.home()} className="mb-8 self-start">
        <Wordmark name={name} />
      </Link>
      {reset ? <Open token={token} email={reset.email} /> : <Closed />}
    </main>
  );
}

function Open({ token, email }: { token: string; email: string }) {
  return (
    <>
      <h1 className="mb-1 text-2xl font-bold tracking-tight">Set your password</h1>
      <p className="mb-6 text-sm text-soft">
        It is for the account of <span className="break-words font-medium">{email}</span>. You are signed in with it
        here, and signed out everywhere else.
      </p>
      <ResetPasswordForm token={token} email={email} />
    </>
  );
}

function Closed() {
  return (
    <>
      <h1 className="mb-1 text-2xl font-bold tracking-tight">This link does not work</h1>
      <p className="mb-6 text-sm text-soft">
        A link sets a password once, within an hour. It may have done so, be older, or not have been copied whole.
      </p>
      <Link href={routes.forgotPassword()} className="button button-primary w-full">
        Ask for a new link
      </Link>
    </>
  );
}

import type { Metadata } from "next";
import Link from "next/link";
import { firstOf, type SearchParams } from "@/app/_server/search-params";
import { Notice } from "@/components/notice";
import { Wordmark } from "@/components/wordmark";
import { routes } from "@/lib/routes";
import { getStoreSettings } from "@/lib/store-settings";
import { ForgotPasswordForm } from "./_components/forgot-password-form";

export const metadata: Metadata = { title: "Set a new password", robots: { index: false } };

export default async function ForgotPasswordPage({ searchParams }: { searchParams: SearchParams }) {
  const isSent = firstOf((await searchParams).sent) === "1";
  const { name } = await getStoreSettings();
  return (
    <main id="content" className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center px-4 py-16">
      <Link href={routes.home()} className="mb-8 self-start">
        <Wordmark name={name} />
      </Link>
      {isSent ? <Sent /> : <Ask />}
    </main>
  );
}

function Ask() {
  return (
    <>
      <h1 className="mb-1 text-2xl font-bold tracking-tight">Set a new password</h1>
      <p className="mb-6 text-sm text-soft">
        Enter your account’s e-mail. We send a link there that sets a new password, or the first one of an account that
        has none yet.{" "}
        <Link href={routes.signIn()} className="link">
          Back to signing in
        </Link>
      </p>
      <ForgotPasswordForm />
    </>
  );
}

/** Says the same whether there is an account or not. */
function Sent() {
  return (
    <>
      <h1 className="mb-4 text-2xl font-bold tracking-tight">Look into your mailbox</h1>
      <Notice tone="good">
        If there is an account with that e-mail, a link is on its way to it. It sets the password once, within an hour.
      </Notice>
      <p className="mt-4 text-sm text-soft">
        Nothing there after some minutes? Look among your spam, or{" "}
        <Link href={routes.forgotPassword()} className="link">
          ask again
        </Link>{" "}
        and check the address.
      </p>
    </>
  );
}

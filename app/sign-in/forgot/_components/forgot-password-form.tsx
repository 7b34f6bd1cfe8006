"use client";

import { useActionState } from "react";
import { Field } from "@/components/field";
import { Notice } from "@/components/notice";
import { forgotPasswordAction } from "../actions";

export function ForgotPasswordForm() {
  const [result, submit, pending] = useActionState(forgotPasswordAction, null);
  const failure = result?.ok === false ? result : undefined;
  return (
    <form action={submit} noValidate className="space-y-4">
      <Field
        label="E-mail"
        name="email"
        type="email"
        autoComplete="username"
        required
        defaultValue={failure?.values.email}
        error={failure?.fieldErrors.email}
      />
      {failure && Object.keys(failure.fieldErrors).length === 0 && <Notice tone="stopped">{failure.message}</Notice>}
      <button type="submit" disabled={pending} className="button button-primary w-full">
        {pending ? "Sending…" : "Send a link"}
      </button>
    </form>
  );
}

import type { ImportId, OrderId, PastOrderId, ReportId } from "@/lib/ids";

/** Every path of the store, in one place; mails and Stripe's return addresses put STORE_URL before it. */
export const routes = {
  home: () => "/" as const,
  product: (handle: string) => `/products/${encodeURIComponent(handle)}` as const,
  cart: () => "/cart" as const,
  checkout: () => "/checkout" as const,
  /** The token is what lets a guest see the order. */
  order: (id: OrderId, accessToken: string) => `/orders/${id}?token=${encodeURIComponent(accessToken)}` as const,
  /** Where Stripe's page leads a shopper who has paid: the order, looked at while Stripe's message is on its way. */
  orderPaid: (id: OrderId, accessToken: string) => `${routes.order(id, accessToken)}&paid=1` as const,
  /** Where a shopper is led whom Stripe's page cannot be given just now. */
  orderPaymentUnavailable: (id: OrderId, accessToken: string) =>
    `${routes.order(id, accessToken)}&payment=unavailable` as const,
  /** Sends the shopper (303) to Stripe's page for an order that is not paid yet. */
  orderPayment: (id: OrderId, accessToken: string) =>
    `/orders/${id}/payment?token=${encodeURIComponent(accessToken)}` as const,
  stripeWebhook: () => "/api/webhooks/stripe" as const,
  signIn: () => "/sign-in" as const,
  /** Leads back to the checkout afterwards. */
  signInToCheckout: () => "/sign-in?next=checkout" as const,
  register: () => "/register" as const,
  registerToCheckout: () => "/register?next=checkout" as const,
  /** Asks for a mail with a link that sets a password. */
  forgotPassword: () => "/sign-in/forgot" as const,
  /** The same page, after it was asked for. */
  forgotPasswordSent: () => "/sign-in/forgot?sent=1" as const,
  /** Where the mailed link leads. The token is what lets its reader set the password. */
  resetPassword: (token: string) => `${routes.resetPasswordPage()}?token=${encodeURIComponent(token)}` as const,
  resetPasswordPage: () => "/sign-in/reset" as const,
  /** What a signed-in shopper has here: cards and orders. */
  account: () => "/account" as const,
  admin: () => "/admin" as const,
  adminOrders: () => "/admin/orders" as const,
  adminOrder: (id: OrderId) => `/admin/orders/${id}` as const,
  /** The PDF to print and stick on the parcel. */
  adminOrderLabel: (id: OrderId) => `/admin/orders/${id}/label` as const,
  /** What was sold before the shop moved here. */
  adminPastOrders: () => "/admin/orders/past" as const,
  adminPastOrder: (id: PastOrderId) => `/admin/orders/past/${id}` as const,
  adminRuns: () => "/admin/runs" as const,
  adminRun: (id: string) => `/admin/runs/${encodeURIComponent(id)}` as const,
  /** The events that Stripe sent. */
  adminEvents: () => "/admin/events" as const,
  /** What a person has to look at. */
  adminAttention: () => "/admin/attention" as const,
  adminImports: () => "/admin/imports" as const,
  adminImport: (id: ImportId) => `/admin/imports/${id}` as const,
  /** Which column of its file says what. */
  adminImportColumns: (id: ImportId) => `/admin/imports/${id}/columns` as const,
  /** Its refused rows as CSV, streamed to who may see them. */
  adminImportRefused: (id: ImportId) => `/admin/imports/${id}/refused` as const,
  adminReports: () => "/admin/reports" as const,
  /** The PDF itself, streamed to who may see it. */
  adminReportPdf: (id: ReportId) => `/admin/reports/${id}/pdf` as const,
};

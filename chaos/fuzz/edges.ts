import { z } from "zod";
import type { Actor, StaffActor } from "@/lib/accounts/actor";
import { addToCart } from "@/lib/cart/add-to-cart";
import { applyDiscount } from "@/lib/cart/apply-discount";
import { getCart } from "@/lib/cart/get-cart";
import { removeCartLine } from "@/lib/cart/remove-cart-line";
import { AddToCartInput, RemoveCartLineInput, SetCartLineInput } from "@/lib/cart/schema";
import { setCartLine } from "@/lib/cart/set-cart-line";
import { listProducts } from "@/lib/catalog/list-products";
import { ApplyDiscountInput } from "@/lib/discounts/schema";
import { resolveFinding } from "@/lib/findings/resolve-finding";
import { ResolveFindingInput } from "@/lib/findings/schema";
import type { CartId } from "@/lib/ids";
import { batchTriggerOrders } from "@/lib/orders/batch-trigger-orders";
import { cancelOrder } from "@/lib/orders/cancel-order";
import { cancelOwnOrder } from "@/lib/orders/cancel-own-order";
import { approveReview, refuseReview } from "@/lib/orders/decide-review";
import { getOrderForShopper } from "@/lib/orders/get-order-for-shopper";
import { listOrders } from "@/lib/orders/list-orders";
import { markDelivered } from "@/lib/orders/mark-delivered";
import { markShipped } from "@/lib/orders/mark-shipped";
import { placeOrder } from "@/lib/orders/place-order";
import { quoteOrder } from "@/lib/orders/quote-order";
import { refundOrder } from "@/lib/orders/refund-order";
import { requestReturn } from "@/lib/orders/request-return";
import {
  ApproveReviewInput,
  BatchTriggerOrdersInput,
  CancelOrderInput,
  CorrectAddressInput,
  MarkDeliveredInput,
  MarkShippedInput,
  OrderAccessInput,
  PlaceOrderInput,
  ReceiveReturnInput,
  RefundOrderInput,
  RefuseReviewInput,
  RejectReturnInput,
  RequestReturnInput,
} from "@/lib/orders/schema";
import { receiveReturn, rejectReturn } from "@/lib/orders/settle-return";
import { startPayment } from "@/lib/orders/start-payment";
import { call } from "./call";

type Cart = CartId | undefined;
const now = () => new Date();
/** Where the action does nothing for somebody without a cart. */
const inCart = async (cartId: Cart, work: (cartId: CartId) => Promise<void>) => {
  if (cartId) await work(cartId);
};

/** Every place where the store takes a request of a shopper: the schema and the use case of its action or page. */
export const shopperEdges = {
  addToCart: (cartId: Cart, input: unknown) => call(AddToCartInput, input, (asked) => addToCart({ cartId, ...asked })),
  setCartLine: (cart: Cart, input: unknown) =>
    call(SetCartLineInput, input, (asked) => inCart(cart, (cartId) => setCartLine({ cartId, ...asked }))),
  removeCartLine: (cart: Cart, input: unknown) =>
    call(RemoveCartLineInput, input, (asked) => inCart(cart, (cartId) => removeCartLine({ cartId, ...asked }))),
  applyDiscount: (cart: Cart, input: unknown) =>
    call(ApplyDiscountInput, input, (asked) =>
      inCart(cart, (cartId) => applyDiscount({ cartId, ...asked, now: now() })),
    ),
  quote: (cartId: Cart) =>
    call(z.unknown(), undefined, async () => {
      const cart = await getCart(cartId);
      return { cart, ...(await quoteOrder(cart, { now: now() })) };
    }),
  placeOrder: (cartId: Cart, input: unknown) =>
    call(PlaceOrderInput, input, (asked) => placeOrder({ cartId, input: asked, now: now() })),
  startPayment: (input: unknown) =>
    call(OrderAccessInput, input, ({ orderId, token }) => startPayment({ orderId, accessToken: token, now: now() })),
  showOrder: (input: unknown) =>
    call(OrderAccessInput, input, ({ orderId, token }) => getOrderForShopper(orderId, token)),
  cancelOwnOrder: (input: unknown) =>
    call(OrderAccessInput, input, ({ orderId, token }) => cancelOwnOrder({ orderId, accessToken: token, now: now() })),
  search: (query: string) => call(z.unknown(), undefined, () => listProducts({ query })),
};

/** Who may ask for what staff do, and who may not. */
export const grace: StaffActor = {
  kind: "staff",
  userId: "user_grace",
  role: "staff",
  email: "grace@shopfloor.example",
};
export const strangers: readonly Actor[] = [{ kind: "shopper" }, { kind: "system" }];

type StaffEdge = (actor: Actor, input: unknown) => ReturnType<typeof call>;

/** The same for what staff ask for. */
export const staffEdges = {
  markShipped: (actor, input) => call(MarkShippedInput, input, (asked) => markShipped({ actor, ...asked, now: now() })),
  markDelivered: (actor, input) =>
    call(MarkDeliveredInput, input, (asked) => markDelivered({ actor, ...asked, now: now() })),
  cancelOrder: (actor, input) => call(CancelOrderInput, input, (asked) => cancelOrder({ actor, ...asked, now: now() })),
  approveReview: (actor, input) =>
    call(ApproveReviewInput, input, (asked) => approveReview({ actor, ...asked, now: now() })),
  correctAddress: (actor, input) =>
    call(CorrectAddressInput, input, (asked) => approveReview({ actor, ...asked, now: now() })),
  refuseReview: (actor, input) =>
    call(RefuseReviewInput, input, (asked) => refuseReview({ actor, ...asked, now: now() })),
  refundOrder: (actor, input) => call(RefundOrderInput, input, (asked) => refundOrder({ actor, ...asked, now: now() })),
  requestReturn: (actor, input) =>
    call(RequestReturnInput, input, (asked) => requestReturn({ actor, ...asked, now: now() })),
  receiveReturn: (actor, input) =>
    call(ReceiveReturnInput, input, ({ orderId: _, ...asked }) => receiveReturn({ actor, ...asked, now: now() })),
  rejectReturn: (actor, input) =>
    call(RejectReturnInput, input, ({ orderId: _, ...asked }) => rejectReturn({ actor, ...asked, now: now() })),
  listOrders: (actor, input) =>
    call(z.string("Enter what to search for."), input, (search) => listOrders({ actor, search })),
  resolveFinding: (actor, input) =>
    call(ResolveFindingInput, input, (asked) => resolveFinding({ actor, ...asked, now: now() })),
  batchTriggerOrders: (actor: Actor, input: unknown) =>
    call(BatchTriggerOrdersInput, input, (asked) => batchTriggerOrders({ actor, ...asked, now: now() })),
} satisfies Record<string, StaffEdge>;

import "@fontsource-variable/inter/index.css";
import "./globals.css";
import type { Metadata, Viewport } from "next";
import { recentTerms } from "./_server/store-terms";

export async function generateMetadata(): Promise<Metadata> {
  const { name } = (await recentTerms()).settings;
  return { title: { default: name, template: `%s · ${name}` } };
}

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fbfaf6" },
    { media: "(prefers-color-scheme: dark)", color: "#161513" },
  ],
};

// Every page carries a fresh nonce for its scripts (see proxy.ts), so none can be rendered ahead.
export const dynamic = "force-dynamic";

export default function RootLayout({ children }: { children: React.ReactNode }) {
  return (
    <html lang="en">
      <body className="flex min-h-dvh flex-col font-sans antialiased">
        <a
          href="#content"
          className="absolute -top-20 left-2 z-10 border border-ink bg-paper px-3 py-2 text-sm font-semibold focus:top-2"
        >
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  );
}

using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Stack.Signaling.Server;

/// <summary>The page at <c>/</c>: one file, whose script and style are the only ones that its policy lets a browser run.</summary>
internal sealed class PageResponse
{
    private readonly byte[] _page;
    private readonly string _policy;
    private readonly string _tag;

    public PageResponse()
    {
        using Stream stream = typeof(PageResponse).Assembly.GetManifestResourceStream("index.html")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        _page = copy.ToArray();
        string text = Encoding.UTF8.GetString(_page);
        _policy = $"default-src 'none'; script-src '{Hash(text, "script")}'; style-src '{Hash(text, "style")}'; img-src data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        _tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(_page).AsSpan(0, 8))}\"";
    }

    public async Task WriteAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = _policy;
        headers.CacheControl = "no-cache";
        headers.ETag = _tag;
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.IsHttps)
        {
            // Without TLS a browser ignores it and says so.
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        if (context.Request.Headers.IfNoneMatch == _tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = _page.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(_page, context.RequestAborted).ConfigureAwait(false);
        }
    }

    // CSP Level 3: the hash of what stands between the tags, to the byte.
    private static string Hash(string page, string tag)
    {
        int start = page.IndexOf($"<{tag}>", StringComparison.Ordinal) + tag.Length + 2;
        int end = page.IndexOf($"</{tag}>", start, StringComparison.Ordinal);
        return "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(page[start..end])));
    }
}

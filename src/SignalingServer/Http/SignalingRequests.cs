using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Stack.Stun;

namespace Stack.Signaling.Server;

/// <summary>What the server answers to each HTTP request: the page, the figures, the listing, and WebSockets on all other paths.</summary>
internal sealed class SignalingRequests : IHttpApplication<HttpContext>
{
    private const string VillasSubprotocol = "webrtc-signaling";
    private const string RetryAfterSeconds = "5";

    private readonly SignalingLoop _loop;
    private readonly MetricsText _metrics;
    private readonly TimeProvider _time;
    private readonly PageResponse _page = new();
    private volatile Access _access;

    /// <param name="loop">The loop.</param>
    /// <param name="metrics">The figures.</param>
    /// <param name="options">Whom it answers.</param>
    public SignalingRequests(SignalingLoop loop, MetricsText metrics, SignalingServerOptions options)
    {
        _loop = loop;
        _metrics = metrics;
        _time = options.TimeProvider;
        _access = Access.Create(options);
    }

    /// <summary>Answers by other options from now on.</summary>
    public void Reconfigure(SignalingServerOptions options) => _access = Access.Create(options);

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Who hangs up before the answer does without it.
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        PathString path = context.Request.Path;
        return path.Value switch
        {
            "/" or "/index.html" => AnswerAsync(context, static (self, c) => self._page.WriteAsync(c)),
            "/healthz" => AnswerAsync(context, static (_, c) => WriteTextAsync(c, "OK")),
            "/metrics" => AnswerAsync(context, static (self, c) => WriteTextAsync(c, self._metrics.Write(), MetricsText.ContentType)),
            "/peerjs/id" => AnswerAsync(context, static (_, c) => WritePeerJsIdAsync(c)),
            _ when path.StartsWithSegments("/api", StringComparison.Ordinal) => AnswerAsync(context, static (self, c) => self.WriteListingAsync(c)),
            _ => OpenAsync(context),
        };
    }

    private static async Task WriteTextAsync(HttpContext context, string text, string contentType = "text/plain; charset=utf-8")
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        context.Response.ContentType = contentType;
        context.Response.ContentLength = bytes.Length;
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        }
    }

    // PeerJS clients without an id of their own ask for one, from pages of any origin.
    private static Task WritePeerJsIdAsync(HttpContext context)
    {
        const int Size = 16;
        context.Response.Headers.AccessControlAllowOrigin = "*";
        return WriteTextAsync(context, new Guid(RandomNumberGenerator.GetBytes(Size)).ToString());
    }

    private static string GetRawPath(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            // A proxy may be asked by the whole URI.
            return context.Request.Path.ToUriComponent();
        }

        int query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }

    private async Task AnswerAsync(HttpContext context, Func<SignalingRequests, HttpContext, Task> answer)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        {
            await answer(this, context).ConfigureAwait(false);
            return;
        }

        context.Response.Headers.Allow = "GET, HEAD";
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        await ListingJson.WriteErrorAsync(context, "only GET is answered here").ConfigureAwait(false);
    }

    private async Task WriteListingAsync(HttpContext context)
    {
        const string All = "/api/v1/sessions";
        const string One = "/api/v1/session/";
        if (_access.Token is not { } token)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await ListingJson.WriteErrorAsync(context, "there is nothing here").ConfigureAwait(false);
        }
        else if (!token.IsShownBy(context.Request.Headers.Authorization))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            await ListingJson.WriteErrorAsync(context, "show the token: Authorization: Bearer TOKEN").ConfigureAwait(false);
        }
        else if (context.Request.Path == All)
        {
            await ListingJson.WriteAsync(context, await _loop.AskAsync(static core => core.Sessions).ConfigureAwait(false)).ConfigureAwait(false);
        }
        else
        {
            string raw = GetRawPath(context);
            string name = raw.StartsWith(One, StringComparison.Ordinal) ? Uri.UnescapeDataString(raw[One.Length..]) : "";
            SessionListing? session = name.Length == 0 ? null : await _loop.AskAsync(core => core.FindSession(name)).ConfigureAwait(false);
            if (session is null)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await ListingJson.WriteErrorAsync(context, "there is no such session").ConfigureAwait(false);
            }
            else
            {
                await ListingJson.WriteAsync(context, session).ConfigureAwait(false);
            }
        }
    }

    private async Task OpenAsync(HttpContext context)
    {
        string path = GetRawPath(context);
        if (!_access.Origins.Allows(context.Request.Headers.Origin, context.Request.Host.ToUriComponent()))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            _loop.Counters.CountRefusal("origin");
            await ListingJson.WriteErrorAsync(context, "pages of this origin may not connect").ConfigureAwait(false);
            return;
        }

        // A path of nothing is told apart from one that wants a WebSocket by asking for one.
        if (!WebSocketHandshake.TryAccept(context, out IHttpUpgradeFeature? upgrade, out string key, out string? problem))
        {
            await ListingJson.WriteErrorAsync(context, problem).ConfigureAwait(false);
            return;
        }

        var remote = new IPEndPoint(ConnectionQuota.Unmap(context.Connection.RemoteIpAddress), context.Connection.RemotePort);
        (SignalingSocket? socket, SignalingRefusal? refusal) = await _loop.ConnectAsync(new ConnectRequest
        {
            Path = path,
            Query = context.Request.QueryString.Value ?? "",
            Remote = TransportAddress.FromIPEndPoint(remote),
            UserAgent = context.Request.Headers.UserAgent.ToString(),
            Time = _time.GetUtcNow(),
        }).ConfigureAwait(false);
        if (socket is null)
        {
            await RefuseAsync(context, refusal!.Value).ConfigureAwait(false);
            return;
        }

        bool isVillas = path.StartsWith("/villas/", StringComparison.Ordinal);
        string? subprotocol = isVillas && WebSocketHandshake.Requests(context.Request.Headers, VillasSubprotocol) ? VillasSubprotocol : null;
        WebSocketHandshake.WriteAnswer(context.Response.Headers, key, subprotocol);
        Stream connection;
        try
        {
            connection = await upgrade.UpgradeAsync().ConfigureAwait(false);
        }
        catch
        {
            _loop.Post(LoopInput.OfClosed(socket, 0));
            throw;
        }

        context.Features.Get<PendingConnection>()?.Dispose();
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // Who reads slowly is closed by what waits for him, with a code that says so.
            rate.MinDataRate = null;
        }

        await socket.RunAsync(context, connection).ConfigureAwait(false);
    }

    private static Task RefuseAsync(HttpContext context, SignalingRefusal refusal)
    {
        (int status, string text) = refusal switch
        {
            SignalingRefusal.UnknownPath => (StatusCodes.Status404NotFound, "there is nothing here"),
            SignalingRefusal.NameTaken => (StatusCodes.Status409Conflict, "a peer of that name is connected"),
            SignalingRefusal.TooFast => (StatusCodes.Status429TooManyRequests, "too many connections in a short time"),
            SignalingRefusal.TooManyFromAddress => (StatusCodes.Status429TooManyRequests, "too many connections from this address"),
            _ => (StatusCodes.Status503ServiceUnavailable, "the server takes no more connections now"),
        };
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        context.Response.StatusCode = status;
        return ListingJson.WriteErrorAsync(context, text);
    }

    private sealed record Access(OriginPolicy Origins, BearerToken? Token)
    {
        public static Access Create(SignalingServerOptions options)
            => new(new OriginPolicy(options.AllowedOrigins), options.ListingToken is { } token ? new BearerToken(token) : null);
    }
}

using System.Net;

namespace Platform.Notifications.Delivery;

/// <summary>
/// Tells a call that failed before a byte of its body was written (no route, refused, no connection in time) from one that may
/// have arrived: the former can be made again, the latter must not.
/// </summary>
internal sealed class TellWhatNeverLeft(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not { } content)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var watched = new WatchedContent(content);
        request.Content = watched;
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (Exception e) when (!watched.Begun)
        {
            throw new NeverLeftException(e);
        }
    }

    private sealed class WatchedContent : HttpContent
    {
        private readonly HttpContent _content;

        public WatchedContent(HttpContent content)
        {
            _content = content;
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        public bool Begun { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            Begun = true;
            return _content.CopyToAsync(stream, context, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _content.Headers.ContentLength ?? 0;
            return _content.Headers.ContentLength is not null;
        }
    }
}

/// <summary>The call failed before any of it was sent. No <see cref="HttpRequestException"/>, which the client would take for a time-out when both come together.</summary>
internal sealed class NeverLeftException(Exception cause) : Exception($"Never left: {cause.Message}", cause);

using System.Net;

namespace Platform.Notifications.Delivery;

/// <summary>
/// Throws <see cref="RequestNotSentException"/> for a request that failed before a byte of its body was written (no route, connection
/// refused or not made in time). Such a request can be retried; one that may have arrived must not be.
/// </summary>
internal sealed class UnsentRequestHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
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
        catch (Exception e) when (!watched.Started)
        {
            throw new RequestNotSentException(e);
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

        public bool Started { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            Started = true;
            return _content.CopyToAsync(stream, context, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _content.Headers.ContentLength ?? 0;
            return _content.Headers.ContentLength is not null;
        }
    }
}

/// <remarks>Not an <see cref="HttpRequestException"/>: <see cref="HttpClient"/> would report it as a time-out if both occurred.</remarks>
internal sealed class RequestNotSentException(Exception cause) : Exception($"Not sent: {cause.Message}", cause);

using System.Reflection;

namespace Platform.ServiceDefaults.Web;

/// <summary>The request's <c>Idempotency-Key</c>, for an endpoint that stores it itself. Name it in the handler's signature to get it.</summary>
/// <param name="Value">1 to 255 visible ASCII characters; null when the caller sent none.</param>
/// <remarks>A key that cannot be one is refused with <see cref="PlatformErrors.IdempotencyKeyInvalid"/> before the handler runs.</remarks>
public sealed record IdempotencyKey(string? Value) : IBindableFromHttpContext<IdempotencyKey>
{
    public static ValueTask<IdempotencyKey?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var header = context.Request.Headers[Idempotency.Header];
        return header.Count switch
        {
            0 => ValueTask.FromResult<IdempotencyKey?>(new IdempotencyKey(Value: null)),
            1 when header[0] is { } key && Idempotency.IsKey(key) => ValueTask.FromResult<IdempotencyKey?>(new IdempotencyKey(key)),
            _ => throw new InvalidIdempotencyKeyException(),
        };
    }

    /// <returns>What to store with the key, to tell a repetition from another request; null without a key.</returns>
    public byte[]? HashOf<T>(T request) => Value is null ? null : RequestHash.Of(request);
}

internal sealed class InvalidIdempotencyKeyException() : BadHttpRequestException("The Idempotency-Key is not 1 to 255 visible ASCII characters.");

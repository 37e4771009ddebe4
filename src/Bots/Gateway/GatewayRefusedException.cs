using Platform.Contracts;

namespace Platform.Bots.Gateway;

/// <summary>The gateway answered with a problem that has a stable code.</summary>
internal sealed class GatewayRefusedException(string code, string? detail, TimeSpan? retryAfter, IReadOnlyCollection<string> fields)
    : Exception($"The gateway refuses: {code}. {detail}")
{
    /// <summary>Such as <c>code_expired</c>: see the error codes in Contracts.</summary>
    public string Code => code;

    public bool Is(params IEnumerable<ErrorCode> errors) => errors.Any(error => error.Code == code);

    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Names of the invalid fields, in camelCase.</summary>
    public IReadOnlyCollection<string> Fields => fields;
}

namespace Platform.Bots.Gateway;

/// <summary>The gateway has answered, and refuses: a problem with a stable code.</summary>
internal sealed class GatewayRefusedException(string code, string? detail, TimeSpan? retryAfter, IReadOnlyCollection<string> fields)
    : Exception($"The gateway refuses: {code}. {detail}")
{
    /// <summary>Such as <c>code_expired</c>: see the error codes in Contracts.</summary>
    public string Code => code;

    /// <summary>Set where it is a matter of waiting.</summary>
    public TimeSpan? RetryAfter => retryAfter;

    /// <summary>Names of the fields that were refused, in camelCase.</summary>
    public IReadOnlyCollection<string> Fields => fields;
}

/// <summary>The gateway, or what is behind it, did not answer in time or properly. What was asked may have been done all the same.</summary>
internal sealed class GatewayAwayException(string message, Exception? fault = null, string? code = null) : Exception(message, fault)
{
    /// <summary>What it lacks at the moment, such as <c>export_incomplete</c>, when it has said so.</summary>
    public string? Code => code;
}

namespace Platform.Bots.Gateway;

/// <summary>The gateway, or a service behind it, did not answer in time or properly. The call may have taken effect all the same.</summary>
internal sealed class GatewayUnavailableException(string message, Exception? fault = null, string? code = null) : Exception(message, fault)
{
    /// <summary>The problem's code, such as <c>export_incomplete</c>, if there was one.</summary>
    public string? Code => code;
}

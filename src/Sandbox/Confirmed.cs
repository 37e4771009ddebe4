namespace Platform.Sandbox;

/// <summary>
/// The body <c>{}</c> of a call that takes no parameters. A page of another site can make the browser post a form here, but not JSON.
/// </summary>
public sealed record Confirmed;

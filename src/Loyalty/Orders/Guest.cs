using Platform.Contracts;

namespace Platform.Loyalty.Orders;

/// <summary>Whose code it was, as the staff are told.</summary>
public sealed record Guest(UserId UserId);

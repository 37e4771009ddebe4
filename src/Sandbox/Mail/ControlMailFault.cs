using Microsoft.AspNetCore.Http.HttpResults;

namespace Platform.Sandbox.Mail;

internal static class ControlMailFault
{
    /// <param name="Kind">Null if mail is accepted normally.</param>
    public sealed record State(MailFaultKind? Kind);

    public static Ok<State> Read(Mailbox mailbox) => TypedResults.Ok(new State(mailbox.Fault));

    public static NoContent Set(State state, Mailbox mailbox)
    {
        mailbox.Fault = state.Kind;
        return TypedResults.NoContent();
    }

    public static NoContent Clear(Mailbox mailbox)
    {
        mailbox.Fault = null;
        return TypedResults.NoContent();
    }
}

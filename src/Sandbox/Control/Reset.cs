using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Sandbox.Mail;
using Platform.Sandbox.Telegram;

namespace Platform.Sandbox.Control;

/// <summary>Resets everything but the bots.</summary>
internal static class Reset
{
    public static NoContent Handle(EmptyRequest _, Messenger messenger, Faults faults, RequestLog requests, Mailbox mailbox)
    {
        lock (messenger.Lock)
        {
            messenger.Reset();
        }

        faults.Clear();
        requests.Clear();
        mailbox.Reset();
        return TypedResults.NoContent();
    }
}

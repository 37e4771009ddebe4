using Platform.Bots.Conversations;

namespace Platform.Bots.ClientBot;

/// <summary>Repeats the open question, which may have scrolled off the screen with its buttons.</summary>
internal static class Questions
{
    public static async Task RejectAnswer(Turn turn, CancellationToken ct)
    {
        await turn.Reply.Say("not_understood.question", ct);
        await Repeat(turn, ct);
    }

    public static Task Repeat(Turn turn, CancellationToken ct)
    {
        var answers = Registration.SoFar(turn);
        return turn.Chat.Step switch
        {
            Registration.Begin => Registration.AskToBegin(turn, answers, ct),
            Registration.Language => Registration.AskLanguage(turn, answers, ct),
            Registration.Consent => Registration.AskConsent(turn, answers, ct),
            Registration.Name => Registration.AskName(turn, answers, ct),
            Registration.Phone => Registration.AskPhone(turn, answers, ct),
            Registration.BirthDate => Registration.AskBirthDate(turn, answers, ct),
            Registration.BirthDateConfirm when answers.BirthDate is { } date =>
                PersonalAnswers.ConfirmDate(turn, Registration.BirthDateConfirm, answers, date, ct),
            Registration.City => Registration.AskCity(turn, answers, ct),
            Recovery.Phone => Recovery.Begin(turn, ct),
            Recovery.Email => Recovery.AskEmail(turn, ct),
            Recovery.EmailCode => Recovery.AskEmailCode(turn, ct),
            Settings.Name => Settings.AskName(turn, ct),
            Settings.City => Settings.AskCity(turn, ct),
            Settings.BirthDate => Settings.AskBirthDate(turn, ct),
            Settings.BirthDateConfirm => PersonalAnswers.ConfirmDate(
                turn, Settings.BirthDateConfirm, turn.Chat.FormAs<Settings.DateDraft>(), turn.Chat.FormAs<Settings.DateDraft>().Date, ct),
            Settings.Phone => Settings.AskPhone(turn, ct),
            Settings.Email => Settings.AskEmail(turn, ct),
            Settings.EmailCode => Settings.AskEmailCode(turn, ct),
            MyData.Word => MyData.AskWord(turn, ct),
            LeaveReview.Rating => LeaveReview.AskRating(turn, turn.Chat.FormAs<LeaveReview.Draft>(), ct),
            LeaveReview.Text => LeaveReview.AskText(turn, turn.Chat.FormAs<LeaveReview.Draft>(), ct),
            WriteToUs.Idea => WriteToUs.AskIdea(turn, turn.Chat.FormAs<WriteToUs.Draft>(), ct),
            WriteToUs.Letter => WriteToUs.AskLetter(turn, turn.Chat.FormAs<WriteToUs.Draft>(), ct),
            _ => Task.CompletedTask,
        };
    }
}

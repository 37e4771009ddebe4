using Platform.Bots.Conversations;

namespace Platform.Bots.ClientBot;

/// <summary>Asks the question that waits for its answer once more: after some messages it is off the screen, and so are its buttons.</summary>
internal static class Questions
{
    /// <summary>What was written is no answer.</summary>
    public static async Task Insist(Turn turn, CancellationToken ct)
    {
        await turn.Say("not_understood.question", ct);
        await Repeat(turn, ct);
    }

    /// <summary>Nothing when no question waits.</summary>
    public static Task Repeat(Turn turn, CancellationToken ct)
    {
        var answers = Registration.SoFar(turn);
        return turn.Chat.Step switch
        {
            Registration.Begin => Registration.AskWhetherToBegin(turn, answers, ct),
            Registration.Language => Registration.AskLanguage(turn, answers, ct),
            Registration.Consent => Registration.AskConsent(turn, answers, ct),
            Registration.Name => Registration.AskName(turn, answers, ct),
            Registration.Phone => Registration.AskPhone(turn, answers, ct),
            Registration.BirthDate => Registration.AskBirthDate(turn, answers, ct),
            Registration.BirthDateSure when answers.BirthDate is { } date => PersonalAnswers.AskWhetherDate(turn, Registration.BirthDateSure, answers, date, ct),
            Registration.City => Registration.AskCity(turn, answers, ct),
            Recovery.Phone => Recovery.Begin(turn, ct),
            Recovery.Email => Recovery.AskEmail(turn, ct),
            Recovery.EmailCode => Recovery.AskEmailCode(turn, ct),
            Settings.Name => Settings.AskName(turn, ct),
            Settings.City => Settings.AskCity(turn, ct),
            Settings.BirthDate => Settings.AskBirthDate(turn, ct),
            Settings.BirthDateSure => PersonalAnswers.AskWhetherDate(
                turn, Settings.BirthDateSure, turn.Chat.FormOf<Settings.DateDraft>(), turn.Chat.FormOf<Settings.DateDraft>().Date, ct),
            Settings.Phone => Settings.AskPhone(turn, ct),
            Settings.Email => Settings.AskEmail(turn, ct),
            Settings.EmailCode => Settings.AskEmailCode(turn, ct),
            MyData.Word => MyData.AskWord(turn, ct),
            _ => Task.CompletedTask,
        };
    }
}

using FsCheck.Xunit;
using JobCloud.FullScreen.Tests.Model.Submit;
using JobCloud.Protocol.Api;
using JobCloud.Protocol.Text;
using JobCloud.Testing;
using JobCloud.Tui.FullScreen.Model.Submit;
using JobCloud.Tui.Tests.Headless;

namespace JobCloud.Tui.Tests.FullScreen;

/// <summary>The command that the form shows submits the same request as the form.</summary>
public sealed class SubmitCommandLaws : CommandTest
{
    [Property(Arbitrary = [typeof(FormGenerators)], MaxTest = 150)]
    public async Task The_command_of_a_form_submits_the_request_of_the_form(FilledForm filled)
    {
        SubmitRequest? sent = null;
        Cloud.Submit = request =>
        {
            sent = request;
            return new SubmitReply { First = 1, Last = 1 };
        };
        var words = ShellWords.Split(SubmitCommand.Line(filled.Form));
        Assert.True(words.Ok);
        Assert.Equal("jobcloud", words.Value[0]);
        var ran = await RunAsync([.. words.Value.Skip(1)]);
        var reading = filled.Form.Read(new ScriptedSource());
        if (reading.Errors.Count > 0)
        {
            Assert.Contains(reading.Errors[0].Message, ran.Error);
            return;
        }
        Assert.Equal("", ran.Error);
        (sent!.RequestId, sent.Place) = ("", null);
        Assert.Equal(reading.Request, sent);
    }
}

using JobCloud.Protocol.Submissions;

namespace JobCloud.Protocol.Tests.Submissions;

public sealed class TraceContextTests
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(Trace, true)]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", true)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", false)]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01", false)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", false)]
    [InlineData("00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", false)]
    [InlineData("", false)]
    [InlineData("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-\n", false)]
    public void Only_a_valid_trace_is_passed_on(string trace, bool isValid)
    {
        var spec = new JobSpec();
        TraceContext.PutInto(spec, trace);
        Assert.Equal(isValid ? [trace] : [], spec.Variables.Select(one => one.Value));
    }

    [Fact]
    public void A_job_keeps_the_trace_that_it_was_given()
    {
        var spec = new JobSpec
        {
            Variables =
            {
                new Variable { Name = "TRACEPARENT", Value = "x" },
            },
        };
        TraceContext.PutInto(spec, Trace);
        Assert.Equal("x", Assert.Single(spec.Variables).Value);
    }
}

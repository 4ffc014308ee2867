using System.Text;
using JobCloud.Protocol.Notation;
using JobCloud.Protocol.Text;
using JobCloud.Tui.Headless.Output;

namespace JobCloud.Tui.Headless.Results;

/// <summary>Writes the bytes of one job as they are, and several jobs as <c>Result for jid N:</c>
/// blocks.</summary>
internal sealed class TextSink(Stream output) : ResultSink
{
    private bool _headed;

    public override void Expect(long jobs) => _headed = jobs > 1;

    public override Stream Open(Jid jid)
    {
        if (!_headed)
            return new Block(output, endsLine: false);
        Heading(jid);
        return new Block(output, endsLine: true);
    }

    public override void AddFailure(CommandError error)
    {
        if (_headed)
            Heading(error.Jid);
        output.Write(Encoding.UTF8.GetBytes($"{VisibleText.Of(error.Message)}\n"));
    }

    private void Heading(Jid jid) =>
        output.Write(Encoding.UTF8.GetBytes($"Result for jid {jid}:\n"));

    /// <summary>Passes bytes on and ends the last line, so that the next block starts on a new
    /// one.</summary>
    private sealed class Block(Stream output, bool endsLine) : MemoryStream
    {
        private byte _last = (byte)'\n';

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            output.Write(buffer);
            if (buffer.Length > 0)
                _last = buffer[^1];
        }

        public override void Flush() => output.Flush();

        protected override void Dispose(bool disposing)
        {
            if (disposing && endsLine && _last != (byte)'\n')
                output.WriteByte((byte)'\n');
            base.Dispose(disposing);
        }
    }
}

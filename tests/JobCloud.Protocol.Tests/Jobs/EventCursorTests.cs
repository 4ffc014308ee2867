using JobCloud.Protocol.Events;
using JobCloud.Protocol.Jobs;

namespace JobCloud.Protocol.Tests.Jobs;

public class EventCursorTests
{
    /// <summary>Two segments, with several events at the same time.</summary>
    private static readonly JobEvent[] Sent =
    [
        .. new (long Jid, long At)[]
        {
            (1, 10),
            (2000, 10),
            (2, 10),
            (3, 20),
            (2001, 15),
            (4, 20),
            (2002, 15),
            (5, 30),
        }.Select(e => new JobEvent { Jid = e.Jid, At = e.At }),
    ];

    [Fact]
    public void A_stream_that_breaks_anywhere_and_begins_again_yields_each_event_once()
    {
        for (var first = 0; first <= Sent.Length; first++)
        for (var second = 0; second <= Sent.Length; second++)
        {
            var cursor = new EventCursor();
            var taken = Sent.Take(first).Where(cursor.Takes).ToList();
            cursor.Repeat();
            taken.AddRange(Sent.Take(second).Where(cursor.Takes));
            cursor.Repeat();
            taken.AddRange(Sent.Where(cursor.Takes));

            Assert.Equal(Sent.Select(e => e.Jid).Order(), taken.Select(e => e.Jid).Order());
        }
    }
}

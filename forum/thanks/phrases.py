"""Words of thanks by language, for forum/thanks/detector.py."""

from typing import NamedTuple


class Language(NamedTuple):
    thanks: str  # each is thanks on its own
    praise: str  # praise, which adds nothing either
    beside: str  # allowed next to them
    # Whole phrases separated by "|"; their words are not allowed on their own.
    thanking: str = ""
    praising: str = ""
    phrases: str = ""


ENGLISH = Language(
    thanks="thanks thank thx thnx thankyou ty tysm cheers kudos appreciated",
    praise="great good nice awesome excellent amazing wonderful brilliant perfect fantastic lovely superb",
    beside="you so very much many lots ton tons million bunch a an the for of your all both everyone everybody guys"
    " folks team admins mods again really greatly truly always and from me us this that it info information update"
    " updates work job help answer answers reply response explanation effort efforts hard quick fast prompt detailed"
    " clear honest patience support heads-up tip tips link post posting sharing explaining clarifying helping"
    " answering replying here indeed too also dear",
    phrases="letting us know|letting me know|letting everyone know|telling us|keeping us updated|keeping us posted"
    "|keeping us informed|keeping me posted|taking the time|taking time|looking into it|looking into this|a lot"
    "|as always|in advance",
    thanking="we appreciate|i appreciate|we really appreciate|i really appreciate|we are grateful|i am grateful",
    praising="you rock|you are the best|you're the best|well done|so kind|very kind|good job|nice job|great job",
)
LANGUAGES = (
    ENGLISH,
    Language(
        thanks="danke dankeschön merci dankbar thx",
        praise="super toll klasse prima großartig perfekt gute guter gutes tolle toller",
        thanking="vielen dank|herzlichen dank|besten dank|tausend dank|schönen dank|vielen lieben dank",
        beside="dir euch ihnen sehr herzlich für die das den der deine eure ihre"
        " schön nochmal nochmals auch an alle info infos information hilfe antwort antworten arbeit mühe schnelle"
        " ausführliche erklärung rückmeldung und leute",
    ),
    Language(
        thanks="merci remerciements",
        praise="super génial bravo parfait excellent",
        beside="à a tous toutes vous toi beaucoup mille bien pour le la les l cette ce votre ton vos infos info"
        " information réponse aide travail encore et grand un rapide",
    ),
    Language(
        thanks="gracias agradecido agradecida",
        praise="genial perfecto excelente estupendo",
        beside="muchas mil muchísimas por la el las los tu su vuestra vuestro a todos todas ayuda información info"
        " respuesta trabajo de nuevo y rápida",
    ),
    Language(
        thanks="grazie ringrazio",
        praise="ottimo perfetto bravi bravo grande",
        beside="mille tante molte a tutti te voi per la le il lo l info informazione informazioni risposta aiuto lavoro"
        " ancora di nuovo e vi ti",
    ),
    Language(
        thanks="obrigado obrigada obrigadão valeu",
        praise="ótimo perfeito excelente",
        beside="muito muitíssimo mesmo a todos todas por pela pelo a o info informação informações ajuda resposta"
        " trabalho e de novo",
    ),
    Language(
        thanks="dank bedankt dankjewel dankuwel dankje",
        praise="super top geweldig mooi",
        beside="je u jullie wel hartelijk heel erg veel voor de het info informatie hulp antwoord uitleg werk alvast"
        " nogmaals allemaal goede snelle en",
    ),
    Language(
        thanks="dzięki dziękuję dziękujemy dziekuje dzieki",
        praise="super świetnie świetna",
        beside="wielkie bardzo za wam wszystkim pomoc odpowiedź informację informacje info pracę i ci serdecznie",
    ),
    Language(
        thanks="спасибо благодарю благодарим дякую спс",
        praise="отлично супер",
        beside="большое огромное вам тебе всем за помощь ответ информацию инфу работу и очень ещё раз дуже щиро",
    ),
    Language(
        thanks="tack takk tak kiitos tusen",
        praise="bra super fint hienoa",
        beside="så mycket för hjälpen svaret infon informationen alla så meget for hjælpen svaret informasjonen mange"
        " tusind hjertelig paljon avusta tiedosta og och",
    ),
    Language(
        thanks="teşekkürler teşekkür sağolun sağol eyvallah",
        praise="harika süper",
        beside="çok ederim ederiz bilgi için yardım cevap emeğinize sağlık",
    ),
    Language(
        thanks="ありがとう ありがとうございます ありがとうございました 感謝 感謝します"
        " 谢谢 謝謝 多谢 多謝 感谢 谢谢你 谢谢大家 감사합니다 고맙습니다 감사 고마워요",
        praise="",
        beside="どうも 本当に 情報 非常 你们 大家 정말 모두",
    ),
)

//! Words that say nothing about what a text is about: articles, pronouns, prepositions, conjunctions, auxiliaries.
//!
//! Lower-case, diacritics as the language writes them; one list a language of [`super::Language`].

/// English.
pub const ENGLISH: &str = "a about above after again against all also am an and any are aren't as at be because been before \
being below between both but by can cannot can't could couldn't did didn't do does doesn't doing don't down during each few \
for from further had hadn't has hasn't have haven't having he he'd he'll her here here's hers herself he's him himself his \
how how's i i'd if i'll i'm in into is isn't it its it's itself i've let's me more most mustn't my myself no nor not of off \
on once only or other ought our ours ourselves out over own same shan't she she'd she'll she's should shouldn't so some such \
than that that's the their theirs them themselves then there there's these they they'd they'll they're they've this those \
through to too under until up very was wasn't we we'd we'll were we're weren't we've what what's when when's where where's \
which while who whom who's why why's will with won't would wouldn't you you'd you'll your you're yours yourself yourselves \
you've";

/// Danish.
pub const DANISH: &str = "ad af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din disse dog \
du efter eller en end er et for fra ham han hans har havde have hende hendes her hos hun hvad hvis hvor i ikke ind jeg jer \
jo kunne man mange med meget men mig min mine mit mod ned noget nogle nu når og også om op os over på selv sig sin sine sit \
skal skulle som sådan thi til ud under var vi vil ville vor være været";

/// Dutch.
pub const DUTCH: &str = "aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus een eens \
en er ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand iets ik in is ja je kan kon kunnen maar me \
meer men met mij mijn moet na naar niet niets nog nu of om omdat ons ook op over reeds te tegen toch toen tot u uit uw van \
veel voor want waren was wat we wel werd wezen wie wij wil worden zal ze zelf zich zij zijn zo zonder zou";

/// Finnish.
pub const FINNISH: &str = "ei eivät emme en et ette että he heidän heille heitä hän hänelle hänen häntä ja jo joka joku jonka \
jos jota jotka kanssa keiden ketkä kuin kuka kun me meidän meille meitä mikä minkä minua minulla minulle minun minä mitkä \
mitä mukaan mutta myös ne niiden niin niitä noin nuo nyt ole olen olet olette oli olimme olin olisi olit olivat olla olleet \
ollut on ovat poikki se sekä sen siellä sille sillä sinua sinulle sinun sinä sitä tai te teidän teille teitä tuo tämä tämän \
tässä tätä vaan vai vaikka yli";

/// French.
pub const FRENCH: &str = "a ai aie aient ait alors as au aux avait avec avez avions avoir avons c ce ceci cela ces cet cette \
d dans de des du elle elles en est et eu eux fut furent il ils j je l la le les leur leurs lui m ma mais me mes moi mon même \
n ne nos notre nous on ont ou où par pas pour qu que quel quelle quelles quels qui s sa sans se sera serait ses si soi soient \
soit sommes son sont suis sur t ta te tes toi ton tu un une vos votre vous y à étaient étais était étant été êtes être";

/// German.
pub const GERMAN: &str = "aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes auch \
auf aus bei bin bis bist da damit dann das dass dazu dein deine deinem deinen deiner dem den denn der des dich die dies diese \
diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines er es etwas euch euer eure für gegen \
gewesen hab habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ist ja jede jedem \
jeden jeder jedes jene jener kann kein keine keinem keinen keiner können könnte machen man mein meine meinem meinen meiner \
mich mir mit muss nach nicht nichts noch nun nur ob oder ohne sehr sein seine seinem seinen seiner selbst sich sie sind so \
solche soll sollte sondern sonst um und uns unser unsere unter viel vom von vor war waren warst was weil welche welchem \
welchen welcher wenn werde werden wie wieder will wir wird wo wollen wurde während würde würden zu zum zur zwar zwischen über";

/// Hungarian.
pub const HUNGARIAN: &str = "a abban ahhoz ahogy ahol aki akik akkor alatt amely amelyek amelyet ami amikor amit amíg annak \
arra arról az azok azon azonban azt aztán azután azzal azért be belül benne bár csak de e ebben egy egyes egyik egyéb ehhez \
ekkor el elég ellen előtt elő ennek ennyi erre ez ezek ezen ezt ezzel ezért fel felé ha hanem hiszen hogy hogyan igen ill \
illetve ilyen is itt jól jó kell ki kívül között le legyen lehet lenne lenni lett maga mellett meg mely mert mi mikor milyen \
minden mindig mint mit mivel már más míg nagyon ne nekem neki nem nincs olyan ott pedig s saját sem semmi sok szemben szerint \
szinte számára talán te tehát utána vagy vagyis valaki valami van vannak vissza viszont volna volt voltak által általában \
át én és így ő ők őket össze úgy új újra";

/// Italian.
pub const ITALIAN: &str = "a abbia abbiamo ad agli ai al alla alle allo anche avere aveva avevano avete c che chi ci coi col \
come con contro cui da dagli dai dal dalla dalle dallo degli dei del dell della delle dello di dove e ed era erano essere fu \
furono gli ha hai hanno ho i il in io l la le lei li lo loro lui ma mi mia mie miei mio ne negli nei nel nell nella nelle \
nello noi non nostra nostre nostri nostro o per perché più quale quanta quante quanti quanto quella quelle quelli quello \
questa queste questi questo sarà se sei si sia siamo siete sono sta stata stati stato su sua sue sugli sui sul sulla sulle \
sullo suo suoi te ti tra tu tua tue tuo tuoi tutti tutto un una uno vi voi vostra vostre vostri vostro è";

/// Norwegian.
pub const NORWEGIAN: &str = "alle at av bare begge ble blei bli blir både da de deg dei deim deira den denne der dere deres det \
dette di din disse ditt du dykk då eg ein eit eller elles en enn er et ett etter for fordi fra før ha hadde han hans har \
hennar henne hennes her hjå ho hoe hos hun hva hvem hver hvilke hvilken hvis hvor hvordan hvorfor i ikke ikkje ingen inkje inn \
inni ja jeg kan korleis kun kunne kva kven kvar man mange me med medan meg men mi min mine mitt mot mykje ned no noe noen \
nå når og også om opp oss over på samme seg selv si sia sidan siden sin sine sitt skal skulle slik so som somme så sånn \
til um upp ut uten var vart varte ved vere vi vil ville vore vors vår være vært å";

/// Portuguese.
pub const PORTUGUESE: &str = "a ao aos aquela aquelas aquele aqueles aquilo as até com como da das de dela delas dele deles \
depois do dos e ela elas ele eles em entre era eram essa essas esse esses esta estas estava estavam este estes estou está \
estão eu foi for foram fosse fui haja havia hei houve há isso isto já lhe lhes lo mais mas me mesmo meu meus minha minhas \
muito na nas nem no nos nossa nossas nosso nossos num numa não nós o os ou para pela pelas pelo pelos por qual quando que quem \
se seja sejam sem ser será seu seus seria sou sua suas são só também te tem temos tenha tenho ter teu teus tinha tu tua tuas \
têm um uma umas uns você vocês vos à às é";

/// Romanian.
pub const ROMANIAN: &str = "a abia acea aceasta aceea acei aceia acel acela acelea acest acesta aceste acestea acești aceștia \
acolo ai al ale alt alta altă altele alți am ar are as asupra astfel ați au avea avem aveți că căci când care cărei căror cărui \
cât câtă câte câți ce cea ceea cei cel cele cine cineva cu cum cumva dacă dar de deasupra deci deja deși din dintr dintre doar \
după ea ei el ele era erau este eu face fără fi fie fiecare fii fost iar ieri îi îl îmi în însă între își îți l la le li lor \
lui mă mai mea mei mele meu mi mult multă multe mulți ne nici noi nostru noastră nu o ori pe pentru peste poate prin s sa să sale \
sau său se și spre sub sunt suntem t ta tale te ți toată toate tot totul toți tu un una unde unei unele uneori unii unor unu unui \
va vă voastră voi vor vostru vreo vreun";

/// Russian.
pub const RUSSIAN: &str = "а без более больше будет будто бы был была были было быть в вам вас вдруг ведь во вот впрочем все \
всегда всего всех всю вы где да даже два для до другой его ее ей ему если есть еще ж же за зачем здесь и из или им иногда их к \
как какая какой когда конечно кто куда ли лучше между меня мне много может можно мой моя мы на над надо наконец нас не него нее \
ней нельзя нет ни нибудь никогда ним них ничего но ну о об один он она они опять от перед по под после потом потому почти при \
про раз разве с сам свою себе себя сейчас со совсем так такой там тебя тем теперь то тогда того тоже только том тот три тут ты у \
уж уже хорошо хоть чего чей чем через что чтоб чтобы чуть эти этого этой этом этот эту я";

/// Spanish.
pub const SPANISH: &str = "a al algo algunas algunos ante antes aquel aquella como con contra cual cuando de del desde donde \
durante e el ella ellas ellos en entre era eran eres es esa esas ese eso esos esta estaba estado estamos están estar estas este \
esto estos estoy está fue fueron fui ha había habían haber han has hasta hay he hemos la las le les lo los me mi mis mucho \
muchos muy más mí mía míos nada ni no nos nosotros nuestra nuestras nuestro nuestros o os otra otras otro otros para pero poco \
por porque que quien quienes qué se sea ser si sido sin sobre sois somos son soy su sus suya suyo sí también tanto te tengo \
tiene tienen todo todos tu tus tuve tuvo tuya tuyo tú un una unas uno unos vosotros vuestra vuestro y ya yo él";

/// Swedish.
pub const SWEDISH: &str = "alla allt att av blev bli blir blivit de dem den denna deras dess dessa det detta dig din dina ditt \
du där då efter ej eller en er era ert ett från för ha hade han hans har henne hennes hon honom hur här i icke ingen inom inte \
jag ju kan kunde man med mellan men mig min mina mitt mot mycket ni nu när någon något några och om oss på samma sedan sig sin \
sina sitta själv skulle som så sådan sådana sådant till under upp ut utan vad var vara varför varit varje vars vart vem vi vid \
vilka vilkas vilken vilket vår våra vårt än är åt över";

/// Turkish.
pub const TURKISH: &str = "acaba ama ancak artık aslında az bana bazen bazı belki ben benden beni benim beri bile bir biri \
birkaç birçok biz bizden bize bizi bizim bu buna bunda bundan bunlar bunları bunların bunu bunun burada böyle böylece da daha de \
defa değil diye diğer dolayı dolayısıyla en eğer fakat falan gibi göre halen hangi hatta hem hep hepsi her hiç için ile ilgili \
ise işte kadar karşın kendi kendine kez ki kim kime kimi kimse mi mu mü mı nasıl ne neden nedenle nerde nerede nereye niye niçin o \
olan olarak oldu olduğu olmak olması olsa olup olur on ona ondan onlar onlara onları onların onu onun orada oysa pek rağmen sadece \
sanki sen senden seni senin siz sizden size sizi sizin sonra tarafından tüm ve veya ya yani yerine yine yok yoksa zaten çok çünkü \
öyle üzere şey şu şuna şunu şöyle";
